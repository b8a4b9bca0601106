/** JUEL, as far as process models use it: paths, constants, operators, the ternary, calls. A syntax tree; null for anything else. */

export type Juel =
  | { kind: 'constant'; feel: string; value: string | number | boolean | null }
  | { kind: 'name'; name: string }
  | { kind: 'member'; of: Juel; name: string }
  | { kind: 'index'; of: Juel; at: Juel }
  /** `of` null: a function, its name with its prefix. */
  | { kind: 'call'; of: Juel | null; name: string; args: Juel[] }
  | { kind: 'unary'; operator: 'not' | '-' | 'empty'; of: Juel }
  | { kind: 'binary'; operator: string; left: Juel; right: Juel }
  | { kind: 'choice'; test: Juel; then: Juel; otherwise: Juel }

const TOKEN =
  /\s+|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[LlDdFf]?|[A-Za-z_$][\w$]*(?::[A-Za-z_$][\w$]*(?=\s*\())?|&&|\|\||==|!=|<=|>=|[<>!+\-*/()?:%,.[\]]/y

const WORDS: Record<string, string> = {
  and: '&&',
  or: '||',
  eq: '==',
  ne: '!=',
  lt: '<',
  gt: '>',
  le: '<=',
  ge: '>=',
  div: '/',
  mod: '%',
  not: '!',
}
/** By how tightly they bind. */
const LEVELS = [['||'], ['&&'], ['==', '!='], ['<', '>', '<=', '>='], ['+', '-'], ['*', '/', '%']]

export function parseJuel(source: string): Juel | null {
  const tokens = tokenize(source)
  if (tokens === null) return null
  const parser = new Parser(tokens)
  try {
    const tree = parser.choice()
    return parser.isDone ? tree : null
  } catch (error) {
    if (error instanceof JuelSyntax) return null
    throw error
  }
}

class JuelSyntax extends Error {}

function tokenize(source: string): string[] | null {
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < source.length) {
    const match = TOKEN.exec(source)
    if (!match) return null
    if (match[0].trim() !== '') tokens.push(match[0])
  }
  return tokens
}

class Parser {
  private at = 0
  private readonly tokens: string[]

  constructor(tokens: string[]) {
    this.tokens = tokens
  }

  get isDone(): boolean {
    return this.at === this.tokens.length
  }

  private peek(): string | undefined {
    const token = this.tokens[this.at]
    return token === undefined ? undefined : (WORDS[token] ?? token)
  }

  private accept(token: string): boolean {
    if (this.peek() !== token) return false
    this.at++
    return true
  }

  private expect(token: string): void {
    if (!this.accept(token)) throw new JuelSyntax(`expected ${token}, found ${this.peek()}`)
  }

  choice(): Juel {
    const test = this.binary(0)
    if (!this.accept('?')) return test
    const then = this.choice()
    this.expect(':')
    return { kind: 'choice', test, then, otherwise: this.choice() }
  }

  private binary(level: number): Juel {
    const operators = LEVELS[level]
    if (!operators) return this.unary()
    let left = this.binary(level + 1)
    for (let operator = this.peek(); operator !== undefined && operators.includes(operator); operator = this.peek()) {
      this.at++
      left = { kind: 'binary', operator, left, right: this.binary(level + 1) }
    }
    return left
  }

  private unary(): Juel {
    if (this.accept('!')) return { kind: 'unary', operator: 'not', of: this.unary() }
    if (this.accept('-')) return { kind: 'unary', operator: '-', of: this.unary() }
    if (this.accept('empty')) return { kind: 'unary', operator: 'empty', of: this.unary() }
    return this.postfix(this.primary())
  }

  private postfix(start: Juel): Juel {
    let of = start
    for (;;) {
      if (this.accept('.')) {
        const name = this.tokens[this.at++]
        if (name === undefined || !/^[A-Za-z_$]/.test(name)) throw new JuelSyntax('expected a name')
        of = this.accept('(') ? { kind: 'call', of, name, args: this.args() } : { kind: 'member', of, name }
      } else if (this.accept('[')) {
        of = { kind: 'index', of, at: this.choice() }
        this.expect(']')
      } else return of
    }
  }

  private args(): Juel[] {
    const args: Juel[] = []
    if (this.accept(')')) return args
    do args.push(this.choice())
    while (this.accept(','))
    this.expect(')')
    return args
  }

  private primary(): Juel {
    if (this.accept('(')) {
      const inner = this.choice()
      this.expect(')')
      return inner
    }
    const token = this.tokens[this.at++]
    if (token === undefined) throw new JuelSyntax('expected an expression')
    if (/^["']/.test(token)) {
      const value = token.slice(1, -1).replace(/\\(.)/g, '$1')
      return { kind: 'constant', feel: JSON.stringify(value), value }
    }
    if (/^\d/.test(token)) {
      const value = Number(token.replace(/[LlDdFf]$/, ''))
      return { kind: 'constant', feel: String(value), value }
    }
    if (token === 'true' || token === 'false') return { kind: 'constant', feel: token, value: token === 'true' }
    if (token === 'null') return { kind: 'constant', feel: 'null', value: null }
    if (!/^[A-Za-z_$]/.test(token)) throw new JuelSyntax(`unexpected ${token}`)
    return this.accept('(') ? { kind: 'call', of: null, name: token, args: this.args() } : { kind: 'name', name: token }
  }
}
