import Handlebars from 'handlebars'
import { splitTemplate } from '#domain/template'
import type { Db } from '../store/database.ts'
import { hopeless } from './task.ts'

export interface RenderedMail {
  subject: string
  text: string
  html: string | null
}
type Part = Handlebars.TemplateDelegate<Record<string, unknown>>
interface Template {
  subject: Part
  text: Part
  html: Part | null
}

const compiled = new Map<string, Template>()
/** Versions of templates kept compiled; there are some tens of templates. */
const compiledLimit = 500

/** Renders the latest deployed version of a template, whose id is `<locale>/<name>`. Only the HTML part is escaped. */
export async function render(db: Db, name: string, locale: string, values: Record<string, unknown>): Promise<RenderedMail> {
  const { subject, text, html } = await latest(db, `${locale}/${name}`)
  return { subject: subject(values).replace(/\s+/g, ' ').trim(), text: `${text(values).trim()}\n`, html: html?.(values).trim() ?? null }
}

async function latest(db: Db, id: string): Promise<Template> {
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
  const parts = splitTemplate(row.source)
  const template = {
    subject: part(parts.subject, true),
    text: part(parts.text, true),
    html: parts.html === null ? null : part(parts.html, false),
  }
  if (compiled.size >= compiledLimit) compiled.clear()
  compiled.set(row.hash, template)
  return template
}

const part = (source: string, noEscape: boolean): Part => Handlebars.compile(source, { noEscape })
