import type { ReactNode } from 'react'

/** A table that may be wider than its place: it scrolls by itself, by keyboard as well (WCAG 2.1.1), and never the page. */
export const TableScroll = ({ label, children }: { label: string; children: ReactNode }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard, or its right side is out of reach
  <section className="table-scroll" aria-label={label} tabIndex={0}>
    {children}
  </section>
)
