import type { DiagnosticView } from '#schema/view'

export interface LineChange {
  mark: '+' | '-'
  /** 1-based, in the text that has the line. */
  line: number
  text: string
}
/** Longer texts are compared after their common head and tail only, line sets beyond this are shown as replaced. */
const maxLines = 1500

/** Lines removed and added between two texts, in reading order (longest common subsequence). */
export function lineChanges(before: string, after: string): LineChange[] {
  const a = before.split('\n')
  const b = after.split('\n')
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1
  const old = a.slice(head, a.length - tail)
  const now = b.slice(head, b.length - tail)
  const kept = old.length * now.length > maxLines * maxLines ? [] : commonLines(old, now)
  const changes: LineChange[] = []
  let i = 0
  let j = 0
  for (const [oldIndex, nowIndex] of [...kept, [old.length, now.length] as const]) {
    for (; i < oldIndex; i += 1) changes.push({ mark: '-', line: head + i + 1, text: old[i] ?? '' })
    for (; j < nowIndex; j += 1) changes.push({ mark: '+', line: head + j + 1, text: now[j] ?? '' })
    i += 1
    j += 1
  }
  return changes
}

/** Pairs of indices of a longest common subsequence. */
function commonLines(old: string[], now: string[]): (readonly [number, number])[] {
  const width = now.length + 1
  const lengths = new Uint32Array((old.length + 1) * width)
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        old[i] === now[j]
          ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0)
    }
  }
  const pairs: (readonly [number, number])[] = []
  for (let i = 0, j = 0; i < old.length && j < now.length; ) {
    if (old[i] === now[j]) pairs.push([i++, j++])
    else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) i += 1
    else j += 1
  }
  return pairs
}

/** Lines that a diagnostic points at: one that says `line 12`, else those that hold the element's id or the last name of its path. */
export function errorLinesOf(source: string, diagnostics: readonly DiagnosticView[]): Set<number> {
  const found = new Set<number>()
  const lines = source.split('\n')
  for (const { elementId, message, severity } of diagnostics) {
    if (severity !== 'error') continue
    const said = /\bline:?\s+(\d+)/i.exec(message)?.[1]
    if (said !== undefined) found.add(Number(said))
    const name = elementId.split(/[./]/).at(-1) ?? ''
    const at = name === '' ? -1 : lines.findIndex((line) => line.includes(`"${name}"`))
    if (said === undefined && at >= 0) found.add(at + 1)
  }
  return found
}
