import { type ReactNode, useEffect, useRef } from 'react'

/** What a table is made of stays said when narrow screens lay its rows out as cards (a `display` takes the meaning away). */
const roles: Record<string, string> = { TABLE: 'table', THEAD: 'rowgroup', TBODY: 'rowgroup', TR: 'row', TH: 'columnheader', TD: 'cell' }

/** Each cell is told its column's name, which a card shows beside it. */
function labelCells(table: HTMLTableElement): void {
  const names = [...(table.tHead?.rows[0]?.cells ?? [])].map(({ textContent }) => textContent?.trim() ?? '')
  for (const part of [table, ...table.querySelectorAll('thead, tbody, tr, th, td')]) {
    const role = roles[part.tagName]
    if (role && !part.hasAttribute('role')) part.setAttribute('role', role)
  }
  for (const body of table.tBodies)
    for (const { cells } of body.rows)
      if (cells.length === names.length)
        [...cells].forEach((cell, column) => {
          const name = names[column] ?? ''
          if (cell.dataset.label !== name) cell.dataset.label = name
        })
}

/**
 * A table that may be wider than its place: it scrolls by itself, by keyboard as well (WCAG 2.1.1), and never the page.
 * On narrow screens its rows are cards, so that nothing lies beyond the edge.
 */
export function TableScroll({ label, children }: { label: string; children: ReactNode }) {
  const place = useRef<HTMLElement>(null)
  useEffect(() => {
    const node = place.current
    if (!node) return
    const label = (): void => node.querySelectorAll('table').forEach(labelCells)
    label()
    const watch = new MutationObserver(label)
    watch.observe(node, { childList: true, subtree: true, characterData: true })
    return () => watch.disconnect()
  }, [])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard, or its right side is out of reach
    <section ref={place} className="table-scroll" aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}
