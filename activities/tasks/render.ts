import Handlebars from 'handlebars'
import type { Db } from '../store/database.ts'
import { hopeless } from './task.ts'

export interface RenderedMail {
  subject: string
  text: string
}
type Template = Handlebars.TemplateDelegate<Record<string, unknown>>

const compiled = new Map<string, Template>()
/** Versions of templates kept compiled; there are some tens of templates. */
const compiledLimit = 500

/**
 * Renders the latest deployed version of a template (`<locale>/<name>`). Its first line, `Subject: ...`, is the mail's subject;
 * the rest is the text. Plain text: nothing is escaped.
 */
export async function render(db: Db, name: string, locale: string, values: Record<string, unknown>): Promise<RenderedMail> {
  const template = await latest(db, `${locale}/${name}`)
  const [first = '', ...rest] = template(values, { allowProtoPropertiesByDefault: false }).split('\n')
  const subject = /^subject:\s*(.+)$/i.exec(first.trim())?.[1]
  if (subject === undefined) throw hopeless('templateWithoutSubject', `expected template ${locale}/${name} to begin with a line 'Subject: ...', found '${first.slice(0, 80)}'`)
  return { subject: subject.trim(), text: `${rest.join('\n').trim()}\n` }
}

async function latest(db: Db, id: string): Promise<Template> {
  const row = await db.selectFrom('definition').select(['hash', 'source']).where('kind', '=', 'template').where('id', '=', id).orderBy('version', 'desc').limit(1).executeTakeFirst()
  if (row === undefined) throw hopeless('unknownTemplate', `expected a deployed template '${id}', found none: deploy it, then retry`)
  const known = compiled.get(row.hash)
  if (known !== undefined) return known
  const template = Handlebars.compile<Record<string, unknown>>(row.source, { noEscape: true, strict: false, knownHelpersOnly: false })
  if (compiled.size >= compiledLimit) compiled.clear()
  compiled.set(row.hash, template)
  return template
}
