/** Known errors as lists, one with its versions, and those that fit an incident. */
import { type RawBuilder, sql } from 'kysely'
import type { Audience, KnownErrorMatch, KnownErrorRow, KnownErrorState, KnownErrorView } from '#schema/known-error'
import type { Actor } from '#schema/role'
import { tellingWordsOf, wordsFound } from '../../activities/store/ticket/known-errors.ts'
import type { Db } from '../deps.ts'
import { isStaff } from './visibility.ts'

interface Row {
  id: string
  number: string
  version: number
  title: string
  symptoms: string
  workaround: string
  rootCause: string
  audience: Audience
  state: KnownErrorState
  reviewOn: string | null
  problemId: string | null
  service: string | null
  category: string | null
  ciId: string | null
  updatedAt: Date
  updatedBy: string
  updatedByName: string | null
  publishedAt: Date | null
  isReviewDue: boolean
  uses: number
  problemNumber: string | null
  problemTitle: string | null
  problemStatus: string | null
}

const columns = sql`k.id, k.number, k.version, k.title, k.symptoms, k.workaround, k.root_cause, k.audience, k.state, k.review_on::text as review_on, k.problem_id, k.service, k.category, k.ci_id,
  k.updated_at, k.updated_by, editor.name as updated_by_name, k.published_at, k.state = 'published' and k.review_on is not null and k.review_on <= current_date as is_review_due,
  (select count(*)::int from known_error_use u where u.known_error_id = k.id) as uses, p.number as problem_number, p.title as problem_title, p.status as problem_status`
const source = sql`known_error k left join person editor on editor.id = k.updated_by left join ticket p on p.id = k.problem_id`

/** Published, for whoever asks the desk for something. */
export const forRequesters = sql`(k.state = 'published' and k.audience in ('customers', 'public'))`

/** What somebody may read: the desk everything, others what is published for them. */
export const readableBy = (actor: Actor): RawBuilder<unknown> => (isStaff(actor) ? sql`true` : forRequesters)

/** Root cause and the desk's own problem are for the desk. */
function rowView(row: Row, actor: Actor): KnownErrorRow {
  const { updatedByName, problemNumber, problemTitle, problemStatus, updatedAt, publishedAt, ...rest } = row
  const isOwn = isStaff(actor)
  return {
    ...rest,
    rootCause: isOwn ? rest.rootCause : '',
    problemId: isOwn ? rest.problemId : null,
    updatedAt: updatedAt.toISOString(),
    publishedAt: publishedAt?.toISOString() ?? null,
    updatedBy: { id: row.updatedBy, name: updatedByName ?? (row.updatedBy === 'system' ? 'Guichet' : row.updatedBy) },
    problem:
      isOwn && row.problemId !== null && problemNumber !== null
        ? { id: row.problemId, number: problemNumber, title: problemTitle ?? '', status: problemStatus ?? '' }
        : null,
  }
}

export async function listKnownErrors(
  db: Db,
  where: RawBuilder<unknown>,
  order: RawBuilder<unknown>,
  actor: Actor,
  limit: number,
  offset: number,
): Promise<KnownErrorRow[]> {
  const { rows } =
    await sql<Row>`select ${columns} from ${source} where ${readableBy(actor)} and ${where} order by ${order} limit ${limit} offset ${offset}`.execute(
      db,
    )
  return rows.map((row) => rowView(row, actor))
}

export async function findKnownError(db: Db, id: string, actor: Actor): Promise<KnownErrorView | null> {
  const [row] = await listKnownErrors(db, sql`k.id = ${id}::uuid`, sql`k.number`, actor, 1, 0)
  if (!row) return null
  if (!isStaff(actor)) return { ...row, versions: [], usedIn: [] }
  const { rows: versions } = await sql<{
    version: number
    at: Date
    byId: string
    byName: string | null
    note: string
  }>`select v.version, v.at, v.by_id, person.name as by_name, v.note
    from known_error_version v left join person on person.id = v.by_id where v.known_error_id = ${id}::uuid order by v.version desc limit 100`.execute(
    db,
  )
  const { rows: usedIn } = await sql<{
    id: string
    number: string
    title: string
    at: Date
  }>`select t.id, t.number, t.title, u.at from known_error_use u join ticket t on t.id = u.ticket_id
    where u.known_error_id = ${id}::uuid order by u.at desc limit 100`.execute(db)
  return {
    ...row,
    versions: versions.map(({ at, byId, byName, ...version }) => ({
      ...version,
      at: at.toISOString(),
      by: { id: byId, name: byName ?? 'Guichet' },
    })),
    usedIn: usedIn.map(({ at, ...use }) => ({ ...use, at: at.toISOString() })),
  }
}

interface Incident {
  id: string
  title: string
  description: string
  category: string | null
  service: string | null
  ciId: string | null
}

/** Published known errors that fit an incident, best first: the same thing, the same place, the same words (two, or one where the place is the same). */
export async function matchKnownErrors(db: Db, incident: Incident, actor: Actor): Promise<KnownErrorMatch[]> {
  const words = tellingWordsOf(`${incident.title} ${incident.description.slice(0, 1_000)}`)
  const { ciId, category, service, id } = incident
  const { rows } = await sql<Row & { hasCi: boolean; hasCategory: boolean; hasService: boolean; hasWords: boolean; isApplied: boolean }>`
    select *, words >= 2 or (words = 1 and (has_category or has_service)) as has_words from (select ${columns}, coalesce(k.ci_id = ${ciId}, false) as has_ci, coalesce(k.category = ${category}, false) as has_category, coalesce(k.service = ${service}, false) as has_service,
      ${wordsFound(sql`k.search`, words)} as words, exists (select from known_error_use u where u.known_error_id = k.id and u.ticket_id = ${id}::uuid) as is_applied
      from ${source} where k.state = 'published') found
    where has_ci or words >= 2 or (words = 1 and (has_category or has_service)) or (has_category and has_service) or is_applied
    order by is_applied desc, (has_ci::int * 4 + has_category::int + has_service::int + least(words, 4)) desc, words desc, uses desc, number limit 5`.execute(
    db,
  )
  return rows.map((row) => {
    const { hasCi, hasCategory, hasService, hasWords, isApplied, ...rest } = row
    const reasons = [hasCi && 'ci', hasCategory && 'category', hasService && 'service', hasWords && 'words'].filter(
      (each) => each !== false,
    )
    const { words: _words, ...plain } = rest as typeof rest & { words: number }
    return { ...rowView(plain, actor), reasons: reasons as KnownErrorMatch['reasons'], isApplied }
  })
}
