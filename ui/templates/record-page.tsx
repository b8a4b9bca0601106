import type { ReactNode } from 'react'

export interface RecordPageProps {
  /** The record's own header (use `PageHeader` or a richer one). */
  header: ReactNode
  children: ReactNode
  /** Properties and next steps: a column at the right, under the content on narrow screens. */
  aside?: ReactNode
  /** On narrow screens the aside comes before the content. */
  isAsideFirst?: boolean
  width?: 'full' | 'wide' | 'reading'
}

/** A page about one record: header, content, aside. */
export function RecordPage({ header, children, aside, isAsideFirst = false, width = 'full' }: RecordPageProps) {
  return (
    <div className={`page record page-${width} ${isAsideFirst ? 'record-aside-first' : ''}`}>
      {header}
      <div className={aside ? 'record-columns' : 'record-single'}>
        <div className="record-main">{children}</div>
        {aside ? <aside className="record-aside">{aside}</aside> : null}
      </div>
    </div>
  )
}
