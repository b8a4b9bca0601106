import type { FiguresQuery } from '../../client/index.ts'
import { useText } from '../../i18n/index.ts'
import { FigureLink } from './figure-link.tsx'

export interface BarRow {
  metric: string
  label: string
  count: number
  /** A colour of the theme. */
  colour: string
}

/** Bars that are links: the longest fills the width, shares are of the sum. */
export function BarLinks({ rows, query }: { rows: BarRow[]; query: FiguresQuery }) {
  const { number } = useText()
  const longest = Math.max(1, ...rows.map((row) => row.count))
  const sum = rows.reduce((total, row) => total + row.count, 0)
  return (
    <ul className="bars">
      {rows.map((row) => (
        <li key={row.metric}>
          <FigureLink metric={row.metric} query={query} className="bar-link">
            <span className="bar-label">{row.label}</span>
            <span className="bar-track" aria-hidden>
              <span
                className="bar-fill"
                style={{ width: `${(row.count / longest) * 100}%`, background: `var(--mantine-color-${row.colour}-5)` }}
              />
            </span>
            <span className="bar-count num">{number(row.count)}</span>
            <span className="bar-share num">
              {sum === 0 ? '' : number(row.count / sum, { style: 'percent', maximumFractionDigits: 0 })}
            </span>
          </FigureLink>
        </li>
      ))}
    </ul>
  )
}
