/** Mail templates at deployment: their syntax, their parts, and names that nobody gives a value. */
import Handlebars from 'handlebars'
import { sql } from 'kysely'
import { splitTemplate, templateVariables } from '#domain/template'
import type { Compiled, Diagnostic } from '#engine/contract'
import type { Db, Trx } from '../database.ts'

const blockHelpers = new Set(['if', 'unless', 'each', 'with'])
const helpers = new Set([...blockHelpers, 'lookup', 'log'])

const refusal = (line: number | null, code: string, message: string, params: Record<string, string> = {}): Diagnostic => ({
  elementId: line === null ? '' : `line ${line}`,
  severity: 'error',
  code,
  message: line === null ? message : `Line ${line}: ${message}`,
  params: line === null ? params : { line: String(line), ...params },
})

interface Use {
  name: string
  line: number
  isHelper: boolean
}

interface Expression {
  path: hbs.AST.Expression
  params: hbs.AST.Expression[]
  loc: hbs.AST.SourceLocation
}

const isPath = (node: hbs.AST.Node): node is hbs.AST.PathExpression => node.type === 'PathExpression'

/** Names that a template reads, with the line; inside `each` and `with` names are those of the item, which only the run knows. */
function usesIn(program: hbs.AST.Program, found: Use[] = [], isInside = false): Use[] {
  const read = (node: hbs.AST.Expression) => {
    if (isPath(node) && !node.data && node.depth === 0 && node.parts.length > 0 && !isInside)
      found.push({ name: String(node.parts[0]), line: node.loc.start.line, isHelper: false })
    if (node.type === 'SubExpression') call(node as unknown as Expression)
  }
  const call = ({ path, params, loc }: Expression) => {
    const isCall = params.length > 0
    if (isCall && isPath(path)) found.push({ name: path.original, line: loc.start.line, isHelper: true })
    else read(path)
    params.forEach(read)
  }
  for (const node of program.body) {
    if (node.type === 'MustacheStatement') call(node as unknown as Expression)
    else if (node.type === 'BlockStatement') {
      const block = node as hbs.AST.BlockStatement
      call(block)
      const isScope = block.path.original === 'each' || block.path.original === 'with'
      if (block.program) usesIn(block.program, found, isInside || isScope)
      if (block.inverse) usesIn(block.inverse, found, isInside)
    }
  }
  return found
}

const lineOf = (message: string): number | null => Number(/line (\d+)/i.exec(message)?.[1] ?? 0) || null

/** Refused: what Handlebars cannot read, a missing part, a helper that does not exist, partials. */
export function compileTemplate(source: string): Compiled<{ name: string }> {
  try {
    const program = Handlebars.parse(source)
    splitTemplate(source)
    const unknown = usesIn(program).filter(({ name, isHelper }) => isHelper && !helpers.has(name))
    if (unknown.length > 0)
      return {
        ok: false,
        diagnostics: unknown.map(({ name, line }) =>
          refusal(line, 'unknownHelper', `expected one of ${[...helpers].join(', ')}, found '${name}'.`, { name }),
        ),
      }
    const partial = program.body.find(({ type }) => type.startsWith('Partial'))
    if (partial) return { ok: false, diagnostics: [refusal(partial.loc.start.line, 'partial', 'a template cannot include another one.')] }
    return { ok: true, value: { name: '' }, warnings: [] }
  } catch (problem) {
    const { message } = problem as Error
    return { ok: false, diagnostics: [refusal(lineOf(message), 'template', message)] }
  }
}

/** Variables that the deployed forms and processes set, beside those that the desk gives. */
async function knownVariables(db: Db | Trx): Promise<Set<string>> {
  const { rows } = await sql<{ name: string }>`
    with latest as (select distinct on (kind, id) kind, source from definition where kind in ('form', 'process') order by kind, id, version desc)
    select distinct match[1] as name from latest, regexp_matches(source,
      case kind when 'form' then '"key"\\s*:\\s*"([A-Za-z_][A-Za-z0-9_]*)' else '(?:target|resultVariable|dueVariable|inputElement|outputCollection|variable)="([A-Za-z_][A-Za-z0-9_]*)' end, 'g') match`.execute(
    db,
  )
  return new Set([...templateVariables, ...rows.map(({ name }) => name)])
}

/** Names in a readable template that neither the desk nor any deployed form or process gives a value: they would stay empty. */
export async function unknownVariables(db: Db | Trx, source: string): Promise<{ name: string; line: number }[]> {
  const known = await knownVariables(db)
  return usesIn(Handlebars.parse(source))
    .filter(({ name, isHelper }) => !isHelper && !known.has(name))
    .map(({ name, line }) => ({ name, line }))
}

export const templateWarnings = async (db: Db | Trx, source: string): Promise<Diagnostic[]> =>
  (await unknownVariables(db, source)).map(({ name, line }) => ({
    elementId: `line ${line}`,
    severity: 'warning',
    code: 'unknownVariable',
    message: `Line ${line}: '${name}' is given a value neither by the desk nor by any deployed form or process: it stays empty. Check the spelling, or have the task pass it.`,
    params: { name, line: String(line) },
  }))
