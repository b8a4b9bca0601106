import type { FieldIssue } from './noun.ts'
import {
  choice,
  date,
  defineNoun,
  fixed,
  hint,
  instant,
  integer,
  maybe,
  reference,
  references,
  staffRoles,
  text,
  time,
  timeZone,
} from './noun.ts'

/** Who may be called when the group is closed. Rotations of one group are layers: level 1 is called first. */
export const onCallRotation = defineNoun({
  id: 'on-call-rotation',
  path: 'on-call-rotations',
  table: 'onCallRotation',
  one: { fr: 'Astreinte', en: 'On-call rotation' },
  many: { fr: 'Astreintes', en: 'On-call rotations' },
  fields: {
    name: text('Nom', 'Name'),
    groupId: reference('Groupe', 'Group', 'group'),
    level: hint(integer('Niveau', 'Level', 1, 5), '1 est appelé en premier', '1 is called first'),
    timeZone: timeZone('Fuseau horaire', 'Time zone'),
    memberIds: hint(references('Membres', 'Members', 'person'), 'Dans l’ordre du tour', 'In the order of their turns'),
    handover: choice('Relais', 'Handover', { weekly: ['Chaque semaine', 'Weekly'], daily: ['Chaque jour', 'Daily'] }, 'weekly'),
    handoverWeekday: maybe(hint(integer('Jour du relais', 'Handover weekday', 1, 7), '1 lundi … 7 dimanche', '1 Monday … 7 Sunday')),
    handoverTime: time('Heure du relais', 'Handover time'),
    startsOn: date('Début', 'Start'),
    endsOn: maybe(date('Fin', 'End')),
    days: choice(
      'Jours couverts',
      'Days covered',
      { all: ['Tous les jours', 'Every day'], weekdays: ['Du lundi au vendredi', 'Monday to Friday'], weekend: ['Week-end', 'Weekend'] },
      'all',
    ),
    coversFrom: maybe(hint(time('De', 'From'), 'Vide : toute la journée', 'Empty: the whole day')),
    coversTo: maybe(hint(time('À', 'Until'), 'Plus tôt que le début : le lendemain', 'Earlier than the start: the next day')),
  },
  key: ['name'],
  title: ['name'],
  list: ['groupId', 'level', 'memberIds', 'handover', 'startsOn', 'endsOn'],
  filters: ['groupId', 'memberIds'],
  search: ['name', 'groupId'],
  readers: staffRoles,
  writers: ['processOwner', 'administrator'],
  check(values) {
    const issues: FieldIssue[] = []
    if (values.memberIds.length === 0) issues.push({ field: 'memberIds', code: 'noMembers' })
    if (values.handover === 'weekly' && values.handoverWeekday === null) issues.push({ field: 'handoverWeekday', code: 'weekdayNeeded' })
    if (values.endsOn !== null && values.endsOn < values.startsOn) issues.push({ field: 'endsOn', code: 'endsBeforeStart' })
    if ((values.coversFrom === null) !== (values.coversTo === null))
      issues.push({ field: values.coversFrom === null ? 'coversFrom' : 'coversTo', code: 'coverageHalf' })
    if (values.coversFrom !== null && values.coversFrom === values.coversTo) issues.push({ field: 'coversTo', code: 'emptySpan' })
    return issues
  },
})

/** Somebody takes another's turn for a while. */
export const onCallOverride = defineNoun({
  id: 'on-call-override',
  path: 'on-call-overrides',
  table: 'onCallOverride',
  one: { fr: 'Remplacement d’astreinte', en: 'On-call override' },
  many: { fr: 'Remplacements d’astreinte', en: 'On-call overrides' },
  fields: {
    rotationId: fixed(reference('Astreinte', 'Rotation', 'on-call-rotation')),
    personId: reference('Remplaçant', 'Stand-in', 'person'),
    startsAt: instant('Du', 'From'),
    endsAt: instant('Au', 'To'),
    reason: maybe(text('Motif', 'Reason')),
  },
  key: ['rotationId', 'startsAt'],
  title: ['personId', 'rotationId'],
  list: ['startsAt', 'endsAt', 'reason'],
  filters: ['rotationId', 'personId'],
  search: ['personId', 'reason'],
  readers: staffRoles,
  writers: ['agent', 'processOwner', 'administrator'],
  check: ({ startsAt, endsAt }) => (Date.parse(endsAt) <= Date.parse(startsAt) ? [{ field: 'endsAt', code: 'endsBeforeStart' }] : []),
})
