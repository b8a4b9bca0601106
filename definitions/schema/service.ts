import { criticalities } from './configuration-item.ts'
import { choice, defineNoun, hint, longText, maybe, reference, staffRoles, text } from './noun.ts'

/** What users know and call by its name; tickets carry its code in `service`. */
export const service = defineNoun({
  id: 'service',
  path: 'services',
  table: 'service',
  one: { fr: 'Service', en: 'Service' },
  many: { fr: 'Services', en: 'Services' },
  fields: {
    code: hint(text('Code', 'Code'), 'Tel que les tickets le portent', 'As tickets carry it'),
    name: text('Nom', 'Name'),
    nameEn: maybe(text('Nom anglais', 'English name')),
    criticality: choice('Criticité', 'Criticality', criticalities, 'normal'),
    deskType: choice(
      'Type de centre',
      'Desk type',
      {
        itServiceDesk: ['Centre de services IT', 'IT service desk'],
        customerSupport: ['Support client', 'Customer support'],
        callCentre: ['Centre d’appel', 'Call centre'],
      },
      'itServiceDesk',
    ),
    ownerId: maybe(reference('Responsable', 'Owner', 'person')),
    groupId: maybe(reference('Groupe de support', 'Support group', 'group', 'groupe')),
    calendarId: maybe(reference('Heures de service', 'Service hours', 'calendar')),
    description: maybe(longText('Description', 'Description')),
  },
  key: ['code'],
  title: ['name'],
  list: ['code', 'criticality', 'deskType', 'ownerId', 'groupId'],
  filters: ['criticality', 'deskType', 'groupId', 'ownerId'],
  search: ['code', 'name', 'nameEn', 'description'],
  readers: staffRoles,
  writers: ['processOwner', 'administrator'],
})
