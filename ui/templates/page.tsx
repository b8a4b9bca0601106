import { Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'

export interface PageHeaderProps {
  title: string
  /** One line under the title. */
  lead?: ReactNode
  /** Buttons at the right (under the title on narrow screens). */
  actions?: ReactNode
  /** Small line above the title: where we are. */
  crumbs?: ReactNode
}

/** The head of every signed-in page: sets the document's title too. */
export function PageHeader({ title, lead, actions, crumbs }: PageHeaderProps) {
  useDocumentTitle(`${title} · Guichet`)
  return (
    <header className="page-header">
      <div className="page-header-words">
        {crumbs ? <div className="page-crumbs">{crumbs}</div> : null}
        <Title order={1}>{title}</Title>
        {lead ? (
          <Text c="dimmed" size="sm" mt={2} component="div">
            {lead}
          </Text>
        ) : null}
      </div>
      {actions ? <div className="page-actions">{actions}</div> : null}
    </header>
  )
}

/** A surface on the canvas; `isFlush` for lists that bring their own padding. */
export function Panel({
  title,
  aside,
  children,
  isFlush = false,
  className = '',
}: {
  title?: ReactNode
  aside?: ReactNode
  children: ReactNode
  isFlush?: boolean
  className?: string
}) {
  return (
    <section className={`panel ${isFlush ? 'panel-flush' : ''} ${className}`}>
      {title ? (
        <div className="panel-head">
          <Title order={2} size="h4">
            {title}
          </Title>
          {aside}
        </div>
      ) : null}
      {children}
    </section>
  )
}
