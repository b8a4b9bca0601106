import type { ReactNode } from 'react'
import { PageHeader, type PageHeaderProps } from './page.tsx'

export interface ListPageProps extends PageHeaderProps {
  /** Tabs or views, then filters: above the list. */
  views?: ReactNode
  filters?: ReactNode
  children: ReactNode
  /** The list takes the height of the window and scrolls inside (virtualised lists). */
  isFilling?: boolean
  width?: 'full' | 'reading'
}

/** A page whose content is one list. */
export function ListPage({ views, filters, children, isFilling = false, width = 'full', ...header }: ListPageProps) {
  return (
    <div className={`page ${isFilling ? 'page-filling' : ''} page-${width}`}>
      <PageHeader {...header} />
      {views}
      {filters ? <div className="page-filters">{filters}</div> : null}
      {children}
    </div>
  )
}
