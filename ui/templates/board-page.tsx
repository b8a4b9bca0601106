import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { PageHeader, type PageHeaderProps } from './page.tsx'

export interface BoardColumn {
  id: string
  title: string
  /** A colour of the theme, for the dot. */
  color: string
  count?: string
  children: ReactNode
}

/** Columns side by side, scrolled sideways where they do not fit. */
export function BoardPage({ columns, filters, ...header }: PageHeaderProps & { columns: BoardColumn[]; filters?: ReactNode }) {
  return (
    <div className="page page-filling page-full">
      <PageHeader {...header} />
      {filters ? <div className="page-filters">{filters}</div> : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className="board" tabIndex={0} aria-label={header.title}>
        {columns.map((column) => (
          <section key={column.id} className="board-column" aria-label={column.title}>
            <div className="board-head">
              <span className="board-dot" style={{ background: `var(--mantine-color-${column.color}-5)` }} aria-hidden />
              <Text fw={650} size="sm">
                {column.title}
              </Text>
              {column.count ? (
                <Text c="dimmed" size="xs" ml="auto">
                  {column.count}
                </Text>
              ) : null}
            </div>
            <div className="board-cards">{column.children}</div>
          </section>
        ))}
      </section>
    </div>
  )
}
