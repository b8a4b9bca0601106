import { type KeyboardEvent, useMemo } from 'react'
import { useText } from '../i18n/index.ts'

interface Props {
  value: string
  onChange: (value: string) => void
  isReadOnly?: boolean
  /** 1-based lines with a mistake. */
  errorLines?: ReadonlySet<number>
  label: string
}

/** A text with line numbers. Tab indents by two spaces; Escape then Tab leaves, as the hint says. */
export function LinesEditor({ value, onChange, isReadOnly = false, errorLines, label }: Props) {
  const { t } = useText()
  const lines = useMemo(() => value.split('\n').length, [value])
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === 'Escape') event.currentTarget.dataset.leaving = 'true'
    else if (event.key !== 'Tab') delete event.currentTarget.dataset.leaving
    else if (!isReadOnly && !event.shiftKey && event.currentTarget.dataset.leaving === undefined) {
      event.preventDefault()
      event.currentTarget.setRangeText('  ', event.currentTarget.selectionStart, event.currentTarget.selectionEnd, 'end')
      onChange(event.currentTarget.value)
    }
  }
  return (
    <div className="gx-lines">
      <ol aria-hidden>
        {Array.from({ length: lines }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line number is its own name
          <li key={index} data-severity={errorLines?.has(index + 1) ? 'error' : undefined}>
            {index + 1}
          </li>
        ))}
      </ol>
      <textarea
        aria-label={label}
        title={t('studio.lines.hint')}
        value={value}
        readOnly={isReadOnly}
        spellCheck={false}
        wrap="off"
        style={{ height: lines * 20 + 20 }}
        onKeyDown={onKeyDown}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  )
}
