import { date, defineNoun, maybe, reference, staffRoles, text } from './noun.ts'

/** A person is away: whole days, both included. Routing and on-call leave him out. */
export const absence = defineNoun({
  id: 'absence',
  path: 'absences',
  table: 'absence',
  one: { fr: 'Absence', en: 'Absence' },
  many: { fr: 'Absences', en: 'Absences' },
  fields: {
    personId: reference('Personne', 'Person', 'person'),
    startsOn: date('Du', 'From'),
    endsOn: date('Au', 'To'),
    reason: maybe(text('Motif', 'Reason')),
  },
  key: ['personId', 'startsOn'],
  title: ['personId', 'startsOn'],
  list: ['endsOn', 'reason'],
  filters: ['personId'],
  search: ['personId', 'reason'],
  readers: staffRoles,
  writers: ['agent', 'administrator'],
  check: ({ startsOn, endsOn }) => (endsOn < startsOn ? [{ field: 'endsOn', code: 'endsBeforeStart' }] : []),
})
