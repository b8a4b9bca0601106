import Handlebars from 'handlebars'
import { splitTemplate } from '#domain/template'
import type { Db, Trx } from '../store/database.ts'
import { hopeless } from './task.ts'

export interface RenderedMail {
  subject: string
  text: string
  html: string | null
  /** The template says that nobody may unsubscribe from it. */
  isMandatory: boolean
}
type Part = Handlebars.TemplateDelegate<Record<string, unknown>>
interface Template {
  subject: Part
  text: Part
  html: Part | null
  isMandatory: boolean
}

const compiled = new Map<string, Template>()
/** Versions of templates kept compiled; there are some tens of templates. */
const compiledLimit = 500

/** Renders the latest deployed version of a template, whose id is `<locale>/<name>`. Only the HTML part is escaped. */
export const render = async (db: Db | Trx, name: string, locale: string, values: Record<string, unknown>): Promise<RenderedMail> =>
  fill(await latest(db, `${locale}/${name}`), values)

/** Renders a source that is not deployed (yet). @throws when Handlebars cannot read it, or a part is missing */
export const renderSource = (source: string, values: Record<string, unknown>): RenderedMail => fill(compile(source), values)

const fill = ({ subject, text, html, isMandatory }: Template, values: Record<string, unknown>): RenderedMail => ({
  subject: subject(values).replace(/\s+/g, ' ').trim(),
  text: `${text(values).trim()}\n`,
  html: html?.(values).trim() ?? null,
  isMandatory,
})

async function latest(db: Db | Trx, id: string): Promise<Template> {
  const row = await db
    .selectFrom('definition')
    .select(['hash', 'source'])
    .where('kind', '=', 'template')
    .where('id', '=', id)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (row === undefined) throw hopeless('unknownTemplate', `expected a deployed template '${id}', found none: deploy it, then retry`)
  const known = compiled.get(row.hash)
  if (known !== undefined) return known
  const template = compile(row.source)
  if (compiled.size >= compiledLimit) compiled.clear()
  compiled.set(row.hash, template)
  return template
}

function compile(source: string): Template {
  const parts = splitTemplate(source)
  return {
    subject: part(parts.subject, true),
    text: part(parts.text, true),
    html: parts.html === null ? null : part(parts.html, false),
    isMandatory: parts.isMandatory,
  }
}

const part = (source: string, noEscape: boolean): Part => Handlebars.compile(source, { noEscape })
