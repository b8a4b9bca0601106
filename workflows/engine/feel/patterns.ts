/** Regular expressions of matches(), replace() and split(): XPath's (F&O clause 5.6.1, XML Schema part 2 appendix F) as JavaScript's. */
import { demand, NoAnswer } from './functions.ts'

/** XML Schema's own classes, as what stands within brackets. */
const CLASSES: Record<string, string> = {
  i: '\\p{L}_:',
  c: '\\p{L}\\p{M}\\p{N}\\-._:·',
  d: '\\p{Nd}',
  w: '\\p{L}\\p{M}\\p{N}\\p{S}',
  s: ' \\t\\n\\r',
}
/** The usual blocks of Unicode, `\p{IsGreek}`. */
const BLOCKS: Record<string, string> = {
  BasicLatin: '\\u0000-\\u007F',
  'Latin-1Supplement': '\\u0080-\\u00FF',
  'LatinExtended-A': '\\u0100-\\u017F',
  'LatinExtended-B': '\\u0180-\\u024F',
  Greek: '\\u0370-\\u03FF',
  GreekandCoptic: '\\u0370-\\u03FF',
  Cyrillic: '\\u0400-\\u04FF',
  Hebrew: '\\u0590-\\u05FF',
  Arabic: '\\u0600-\\u06FF',
  GeneralPunctuation: '\\u2000-\\u206F',
  CurrencySymbols: '\\u20A0-\\u20CF',
  Hiragana: '\\u3040-\\u309F',
  Katakana: '\\u30A0-\\u30FF',
  CJKUnifiedIdeographs: '\\u4E00-\\u9FFF',
}
/** What JavaScript wants escaped in a class, and XPath does not. */
const IN_CLASS = new Set([
  '(',
  ')',
  '{',
  '}',
  '/',
  '|',
  '&',
  '!',
  '#',
  '%',
  ',',
  ':',
  ';',
  '<',
  '=',
  '>',
  '@',
  '`',
  '~',
  '*',
  '+',
  '?',
  '.',
  '$',
])

/** @throws NoAnswer when it is no pattern */
export function patternOf(source: string, flags: string, more = ''): RegExp {
  demand(/^[smixq]*$/.test(flags), `the flags ${flags} are unknown`)
  const isLiteral = flags.includes('q')
  const text = isLiteral ? source.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&') : new Translation(source, flags.includes('x')).whole()
  const kept = [...new Set(flags.replace(isLiteral ? /[xqsm]/g : /[xq]/g, ''))].join('')
  try {
    return new RegExp(text, `v${kept}${more}`)
  } catch {
    throw new NoAnswer(`"${source}" is not a pattern`)
  }
}

/** One pass over a pattern. */
class Translation {
  private readonly letters: string[]
  private readonly isSpaced: boolean
  private readonly source: string
  private at = 0

  constructor(source: string, isSpaced: boolean) {
    this.source = source
    this.letters = Array.from(source)
    this.isSpaced = isSpaced
  }

  whole(): string {
    let result = ''
    while (this.at < this.letters.length) {
      const letter = this.letters[this.at]!
      if (letter === '\\') result += this.escape(false)
      else if (letter === '[') result += this.group()
      else {
        this.at++
        if (this.isSpaced && /\s/.test(letter)) continue
        const isGroup = letter === '(' && this.letters[this.at] === '?'
        demand(!isGroup || this.letters[this.at + 1] === ':', `"${this.source}" looks ahead or behind, which a pattern cannot`)
        result += letter
      }
    }
    return result
  }

  private escape(isInClass: boolean): string {
    // `x` takes white space out before the pattern is read.
    while (this.isSpaced && !isInClass && /\s/.test(this.letters[this.at + 1] ?? '')) this.letters.splice(this.at + 1, 1)
    const letter = this.letters[this.at + 1]
    demand(letter !== undefined, `"${this.source}" ends in a backslash`)
    this.at += 2
    const known = CLASSES[letter!.toLowerCase()]
    if (known) {
      const isNegated = letter !== letter!.toLowerCase()
      return isNegated ? `[^${known}]` : isInClass ? known : `[${known}]`
    }
    if (letter === 'p' || letter === 'P') return this.property(letter === 'P', isInClass)
    if (/[nrt]/.test(letter!)) return `\\${letter}`
    if (/[1-9]/.test(letter!) && !isInClass) return `\\${letter}`
    demand(/[\\|.\-^?*+{}()[\]$]/.test(letter!), `"\\${letter}" is not an escape`)
    return letter === '-' && !isInClass ? '-' : `\\${letter}`
  }

  private property(isNegated: boolean, isInClass: boolean): string {
    const end = this.letters.indexOf('}', this.at)
    demand(this.letters[this.at] === '{' && end > 0, `"${this.source}" is not a pattern`)
    const name = this.letters.slice(this.at + 1, end).join('')
    this.at = end + 1
    if (!name.startsWith('Is')) return `\\${isNegated ? 'P' : 'p'}{${name}}`
    const block = BLOCKS[name.slice(2)]
    demand(block !== undefined, `the block ${name} is unknown`)
    return isNegated ? `[^${block}]` : isInClass ? block! : `[${block}]`
  }

  /** `[a-z-[aeiou]]`: a class, less another. */
  private group(): string {
    this.at++
    const isNegated = this.letters[this.at] === '^'
    if (isNegated) this.at++
    let content = ''
    let isFirst = true
    for (;;) {
      const letter = this.letters[this.at]
      demand(letter !== undefined, `a bracket is not closed in "${this.source}"`)
      if (letter === ']') {
        demand(!isFirst, `a class is empty in "${this.source}"`)
        this.at++
        return `[${isNegated ? '^' : ''}${content}]`
      }
      if (letter === '-' && this.letters[this.at + 1] === '[') {
        this.at++
        const less = this.group()
        demand(this.letters[this.at] === ']', `a bracket is not closed in "${this.source}"`)
        this.at++
        return `[[${isNegated ? '^' : ''}${content}]--${less}]`
      }
      content += this.member(letter!, isFirst)
      isFirst = false
    }
  }

  private member(letter: string, isFirst: boolean): string {
    if (letter === '\\') return this.escape(true)
    demand(letter !== '[', `a bracket stands within a class in "${this.source}"`)
    this.at++
    if (letter === '-' && (isFirst || this.letters[this.at] === ']')) return '\\-'
    return IN_CLASS.has(letter) ? `\\${letter}` : letter
  }
}

export function replaceText(input: string, source: string, replacement: string, flags?: string | null): string {
  const expression = patternOf(source, flags ?? '', 'g')
  demand(!expression.test(''), `the pattern "${source}" matches the empty text`)
  expression.lastIndex = 0
  if (flags?.includes('q')) return input.replace(expression, () => replacement)
  demand(/^(?:[^$\\]|\\[$\\]|\$\d)*$/.test(replacement), `"${replacement}" is not a replacement`)
  return input.replace(expression, (...found) => {
    const groups = found.slice(
      0,
      found.findIndex((item) => typeof item === 'number'),
    )
    return replacement.replace(/\\([$\\])|\$(\d)/g, (_all, escaped, group) => escaped ?? groups[Number(group)] ?? '')
  })
}

/** What stands between the matches; groups of the pattern are not part of it. */
export function splitText(input: string, source: string): string[] {
  const expression = patternOf(source, '', 'g')
  const parts: string[] = []
  let from = 0
  for (const match of input.matchAll(expression)) {
    if (match[0] === '' && (match.index === 0 || match.index === input.length)) continue
    parts.push(input.slice(from, match.index))
    from = match.index + match[0].length
  }
  return [...parts, input.slice(from)]
}
