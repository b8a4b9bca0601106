import { sql } from 'kysely'
import { type DeskRefusal, openingRefusal } from '#domain/desk-type'
import { Desk } from '#schema/desk'
import type { Json } from '#schema/json'
import { type Db, inTransaction, instant, type Trx } from '../database.ts'
import { appendNext, type NewFact } from '../facts.ts'

/** The desk does not do that; nothing was stored. */
export class DeskRefused extends Error {
  override readonly name = 'DeskRefused'
  readonly refusal: DeskRefusal
  readonly desk: Desk
  constructor(refusal: DeskRefusal, desk: Desk) {
    super(refusal.message)
    this.refusal = refusal
    this.desk = desk
  }
}
export class UnknownDesk extends Error {
  override readonly name = 'UnknownDesk'
}

type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>
const select = (db: Db | Trx) => db.selectFrom('desk').selectAll()

const deskOf = ({ nameFr, nameEn, updatedAt: _, ...row }: Row): Desk => Desk.parse({ ...row, name: { fr: nameFr, en: nameEn } })

export const listDesks = async (db: Db | Trx): Promise<Desk[]> =>
  (await select(db).orderBy('isDefault', 'desc').orderBy('nameFr').execute()).map(deskOf)

export async function getDesk(db: Db | Trx, id: string): Promise<Desk | undefined> {
  const row = await select(db).where('id', '=', id).executeTakeFirst()
  return row && deskOf(row)
}

/** Undefined before any desk is set up: then no rule applies. */
export async function defaultDesk(db: Db | Trx): Promise<Desk | undefined> {
  const row = await select(db).where('isDefault', '=', true).executeTakeFirst()
  return row && deskOf(row)
}

/** The desk that a mail was written to: the first of its addresses that one has; else the default one. */
export async function deskOfMail(db: Db | Trx, addresses: readonly string[]): Promise<Desk | undefined> {
  for (const address of addresses) {
    const row = await select(db).where(sql<boolean>`${address.toLowerCase()} = any(mail_addresses)`).executeTakeFirst()
    if (row) return deskOf(row)
  }
  return defaultDesk(db)
}

/** Digits with a leading + where given; blanks and punctuation are the writer's. */
export const plainNumber = (number: string): string => number.replace(/(?!^\+)[^\d]/g, '').slice(0, 20)

/** French numbers are written with 0 or with +33: both are the same line. */
export const numberForms = (number: string): string[] => {
  const plain = plainNumber(number)
  if (plain.startsWith('+33')) return [plain, `0${plain.slice(3)}`]
  if (/^0[1-9]\d{8}$/.test(plain)) return [plain, `+33${plain.slice(1)}`]
  if (plain.startsWith('00')) return [plain, `+${plain.slice(2)}`]
  return [plain]
}

export async function deskOfNumber(db: Db | Trx, dialled: string): Promise<Desk | undefined> {
  const row = await select(db)
    .where(sql<boolean>`phone_numbers && ${numberForms(dialled)}`)
    .executeTakeFirst()
  return row ? deskOf(row) : defaultDesk(db)
}

/** Of whatever is opened: the desk that was named, or the default one. @throws UnknownDesk; DeskRefused */
export async function admit(
  db: Db | Trx,
  deskId: string | null | undefined,
  opening: Parameters<typeof openingRefusal>[1],
): Promise<Desk | undefined> {
  const desk = deskId ? await getDesk(db, deskId) : await defaultDesk(db)
  if (!desk && deskId) throw new UnknownDesk(`no desk '${deskId}'`)
  const refused = desk ? openingRefusal(desk, opening) : null
  if (desk && refused) throw new DeskRefused(refused, desk)
  return desk
}

const columnsOf = ({ name, ...desk }: Desk) => ({ ...desk, nameFr: name.fr, nameEn: name.en })

/** Adds or changes a desk, and records what changed. The former default desk gives way. */
export function saveDesk(db: Db | Trx, desk: Desk, actorId: string, at = Date.now()): Promise<void> {
  return inTransaction(db, async (trx) => {
    const before = await getDesk(trx, desk.id)
    if (desk.isDefault) await giveWay(trx, desk.id, actorId, at)
    const row = { ...columnsOf(desk), updatedAt: instant(at) }
    await trx
      .insertInto('desk')
      .values(row)
      .onConflict((on) => on.column('id').doUpdateSet(row))
      .execute()
    const facts: NewFact[] = (Object.keys(desk) as (keyof Desk)[])
      .filter((field) => field !== 'id' && JSON.stringify(before?.[field]) !== JSON.stringify(desk[field]))
      .map((field) => changed(desk.id, field, (before?.[field] ?? null) as Json, desk[field] as Json, actorId, at))
    if (facts.length > 0) await appendNext(trx, `desk/${desk.id}`, facts)
  })
}

const changed = (id: string, field: string, from: Json, to: Json, actorId: string, at: number): NewFact => ({
  actorId,
  fact: { type: 'recordChanged', at, noun: 'desk', id, field, from, to },
})

async function giveWay(trx: Trx, id: string, actorId: string, at: number): Promise<void> {
  const former = await trx
    .updateTable('desk')
    .set({ isDefault: false })
    .where('isDefault', '=', true)
    .where('id', '!=', id)
    .returning('id')
    .execute()
  for (const row of former) await appendNext(trx, `desk/${row.id}`, [changed(row.id, 'isDefault', true, false, actorId, at)])
}

export const hasTickets = async (db: Db | Trx, deskId: string): Promise<boolean> =>
  (await db.selectFrom('ticket').select('id').where('deskId', '=', deskId).limit(1).executeTakeFirst()) !== undefined
