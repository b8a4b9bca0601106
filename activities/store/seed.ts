/**
 * Puts in place what a new desk needs: groups, people of the demonstration, and the definitions that come with the program. Run at every
 * start: what exists is left alone, a shipped definition that changed is deployed anew unless a person has deployed his own.
 */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { hashPassword } from 'better-auth/crypto'
import { z } from 'zod'
import { Desk } from '#schema/desk'
import { RecurrenceRule } from '#schema/recurrence'
import { Role, systemActor } from '#schema/role'
import { sha256 } from './canonical.ts'
import { createDatabase, type Db } from './database.ts'
import { getDesk, saveDesk } from './record/desks.ts'
import { loadDemoContacts } from './demo/contacts.ts'
import { loadDemoHistory } from './demo/history.ts'
import { loadDemoRegister } from './demo/register.ts'
import { loadDemoRequests } from './demo/requests.ts'
import { type DefinitionKind, deployDefinition, getDefinition } from './definition/definitions.ts'
import { addPerson } from './record/people.ts'
import { recurrenceRules, saveRecurrenceRule } from './ticket/recurrence-rules.ts'
import { seedAccess } from './access/seed-access.ts'

const folder = resolve(import.meta.dirname, '..', '..', 'definitions')

const SeedPerson = z.object({
  id: z.string(),
  name: z.string(),
  email: z.email(),
  locale: z.enum(['fr', 'en']),
  roles: z.array(Role),
  groups: z.array(z.string()),
  isVip: z.boolean(),
})
const SeedGroup = z.object({ id: z.string(), name: z.string() })
const demoPassword = 'guichet'

/** What is named comes before what names it; then processes, then what is offered by them. */
const sources: { kind: DefinitionKind; pattern: string; id: (file: string) => string }[] = [
  { kind: 'calendar', pattern: 'calendars/*.json', id: (file) => basename(file, '.json') },
  { kind: 'decision', pattern: 'decisions/*.dmn', id: (file) => basename(file, '.dmn') },
  { kind: 'sla', pattern: 'sla/*.json', id: (file) => basename(file, '.json') },
  { kind: 'form', pattern: 'forms/*.form', id: (file) => basename(file, '.form') },
  { kind: 'template', pattern: 'templates/*/*.hbs', id: (file) => `${basename(dirname(file))}/${basename(file, '.hbs')}` },
  { kind: 'process', pattern: 'processes/*.bpmn', id: (file) => basename(file, '.bpmn') },
  { kind: 'catalogue', pattern: 'catalogue/*.json', id: (file) => basename(file, '.json') },
]

const readJson = <T>(schema: z.ZodType<T>, file: string): T => schema.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')))

/** @returns how many people were added. */
export async function seedPeople(db: Db): Promise<number> {
  if (!existsSync(join(folder, 'seed', 'people.json'))) return 0
  const groups = readJson(z.array(SeedGroup), 'seed/groups.json')
  await db
    .insertInto('supportGroup')
    .values(groups)
    .onConflict((on) => on.column('id').doNothing())
    .execute()
  const known = new Set((await db.selectFrom('person').select('id').execute()).map(({ id }) => id))
  const people = readJson(z.array(SeedPerson), 'seed/people.json').filter(({ id }) => !known.has(id))
  // One public password, one hash: a hash each would cost a second or two and protect nothing.
  const passwordHash = people.length > 0 ? await hashPassword(demoPassword) : null
  for (const person of people) await addPerson(db, { ...person, passwordHash }, systemActor.id)
  return people.length
}

/**
 * @returns what was deployed, such as `process incident 1`.
 * @throws naming file and element when a shipped definition does not compile.
 */
export async function seedDefinitions(db: Db): Promise<string[]> {
  const deployed: string[] = []
  for (const { kind, pattern, id: idOf } of sources) {
    for (const file of globSync(pattern, { cwd: folder }).sort()) {
      const id = idOf(file)
      const current = await getDefinition(db, kind, id)
      if (current && current.deployedBy !== systemActor.id) continue
      const source = readFileSync(join(folder, file), 'utf8')
      if (current?.hash === sha256(source)) continue
      const result = await deployDefinition(db, {
        kind,
        id,
        source,
        note: '',
        baseVersion: null,
        actorId: systemActor.id,
      })
      if (result.ok) {
        if (result.isNew) deployed.push(`${kind} ${id} ${result.version}`)
        continue
      }
      const problems =
        result.reason === 'invalid'
          ? result.diagnostics
              .filter(({ severity }) => severity === 'error')
              .map(({ elementId, message }) => `  ${elementId}: ${message}`)
              .join('\n')
          : '  someone deployed it at the same time'
      throw new Error(`definitions/${file} is refused:\n${problems}`)
    }
  }
  return deployed
}

/** The desks that come with the program; one that exists is left alone. Needs its groups. */
export async function seedDesks(db: Db): Promise<void> {
  for (const desk of readJson(z.array(Desk), 'seed/desks.json')) if (!(await getDesk(db, desk.id))) await saveDesk(db, desk, systemActor.id)
}

/** Rules that exist are left alone: they are the process owner's. */
export async function seedRecurrenceRules(db: Db): Promise<void> {
  const known = new Set((await recurrenceRules(db)).map(({ id }) => id))
  for (const rule of readJson(z.array(RecurrenceRule), 'seed/recurrence-rules.json'))
    if (!known.has(rule.id)) await saveRecurrenceRule(db, rule, systemActor.id, Date.now())
}

export async function seed(db: Db): Promise<void> {
  await seedPeople(db)
  await seedDesks(db)
  await seedAccess(db)
  await seedDefinitions(db)
  await seedRecurrenceRules(db)
}

if (import.meta.main) {
  if (!process.env.DATABASE_URL) throw new Error('expected DATABASE_URL, found nothing: start by "npm start"')
  const db = createDatabase(process.env.DATABASE_URL, { max: 2 })
  try {
    await seed(db)
    if (process.argv.includes('--demo')) {
      await loadDemoRegister(db)
      await loadDemoHistory(db)
      await loadDemoRequests(db)
      await loadDemoContacts(db)
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  } finally {
    await db.destroy()
  }
}
