import type { ReactNode } from 'react'
import { PageHeader, type PageHeaderProps } from './page.tsx'

export interface StudioPageProps extends PageHeaderProps {
  /** A bar between the header and the canvas: modes, zoom, versions. */
  toolbar?: ReactNode
  /** The canvas: fills the rest of the window, brings its own scrolling. */
  children: ReactNode
  /** Properties or problems: a column at the right, under the canvas on narrow screens. */
  side?: ReactNode
  sideLabel?: string
  /** A strip under the canvas (problems, messages). */
  footer?: ReactNode
}

/** A page around one large canvas (diagram, table, form). */
export function StudioPage({ toolbar, children, side, sideLabel, footer, ...header }: StudioPageProps) {
  return (
    <div className="page page-filling page-full studio">
      <PageHeader {...header} />
      {toolbar ? <div className="studio-toolbar">{toolbar}</div> : null}
      <div className={`studio-body ${side ? 'studio-with-side' : ''}`}>
        <div className="studio-canvas">{children}</div>
        {side ? (
          <aside className="studio-side" aria-label={sideLabel}>
            {side}
          </aside>
        ) : null}
      </div>
      {footer ? <div className="studio-footer">{footer}</div> : null}
    </div>
  )
}
