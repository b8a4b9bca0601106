/** JUEL (`${...}`, `#{...}`) of Camunda 7, Flowable and Activiti into FEEL: paths, constants, comparisons, boolean and arithmetic operators. */

/** Texts without an expression stay constants; mixed texts become a concatenation. Null: not translatable mechanically. */
export function juelToFeel(
  source: string,
  known: Readonly<Record<string, string | null>> = {},
): { feel: string } | { literal: string } | null {
  const trimmed = source.trim()
  const given = known[trimmed] ?? known[source]
  if (given === null || (trimmed in known && known[trimmed] === null)) return null
  if (given !== undefined) return { feel: rename(given) }
  const parts = split(trimmed)
  if (parts === null) return null
  if (parts.every((part) => 'text' in part)) return { literal: trimmed }
  const translated = parts.map((part) => ('text' in part ? JSON.stringify(part.text) : expression(part.juel)))
  if (translated.some((part) => part === null)) return null
  return {
    feel:
      parts.length === 1
        ? translated[0]!
        : translated.map((part, index) => ('text' in parts[index]! ? part : `string(${part})`)).join(' + '),
  }
}

type Part = { text: string } | { juel: string }

function split(source: string): Part[] | null {
  const parts: Part[] = []
  let at = 0
  while (at < source.length) {
    const open = /[$#]\{/.exec(source.slice(at))
    if (!open) {
      parts.push({ text: source.slice(at) })
      break
    }
    if (open.index > 0) parts.push({ text: source.slice(at, at + open.index) })
    const start = at + open.index + 2
    const end = source.indexOf('}', start)
    if (end < 0) return null
    parts.push({ juel: source.slice(start, end) })
    at = end + 1
  }
  return parts
}

const TOKEN =
  /\s+|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\d+(?:\.\d+)?|[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*|&&|\|\||==|!=|<=|>=|[<>!+\-*/()?:%,[\]]/y
const WORDS: Record<string, string> = {
  '&&': ' and ',
  '||': ' or ',
  '==': ' = ',
  '!=': ' != ',
  eq: ' = ',
  ne: ' != ',
  lt: ' < ',
  gt: ' > ',
  le: ' <= ',
  ge: ' >= ',
  and: ' and ',
  or: ' or ',
}

/** Calls of methods and beans, the ternary and the empty operator are not translated. */
function expression(juel: string): string | null {
  let result = ''
  let pendingNots = 0
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < juel.length) {
    const at = TOKEN.lastIndex
    const match = TOKEN.exec(juel)
    if (!match) return null
    const token = match[0]
    if (token.trim() === '') continue
    const isCall =
      /^[A-Za-z_$]/.test(token) && juel.slice(TOKEN.lastIndex).trimStart().startsWith('(') && !['not', 'and', 'or'].includes(token)
    if (isCall || token === '?' || token === ':' || token === '%' || token === 'empty' || at < 0) return null
    if (token === '!' || token === 'not') {
      pendingNots++
      continue
    }
    const word = WORDS[token] ?? (token.startsWith("'") ? JSON.stringify(token.slice(1, -1)) : token)
    if (pendingNots > 0 && /^[A-Za-z_$]/.test(token)) {
      result += `${'not('.repeat(pendingNots)}${word}${')'.repeat(pendingNots)}`
      pendingNots = 0
    } else if (pendingNots > 0 && token === '(') {
      result += 'not('
      pendingNots = 0
    } else result += word
  }
  return pendingNots === 0 ? rename(result.trim()) : null
}

/** Multi-instance counters have Camunda 8's names here. */
const rename = (feel: string): string => feel.replace(/\bnrOf(Active|Completed|Terminated)?Instances\b/g, 'numberOf$1Instances')
