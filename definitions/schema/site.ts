import { defineNoun, maybe, reference, staffRoles, text, timeZone } from './noun.ts'

export const site = defineNoun({
  id: 'site',
  path: 'sites',
  table: 'site',
  one: { fr: 'Site', en: 'Site' },
  many: { fr: 'Sites', en: 'Sites' },
  fields: {
    code: text('Code', 'Code'),
    name: text('Nom', 'Name'),
    address: maybe(text('Adresse', 'Address')),
    city: maybe(text('Ville', 'City')),
    country: maybe(text('Pays', 'Country')),
    timeZone: timeZone('Fuseau horaire', 'Time zone'),
    calendarId: maybe(reference('Calendrier', 'Calendar', 'calendar')),
  },
  key: ['code'],
  title: ['name'],
  list: ['code', 'city', 'country', 'timeZone'],
  filters: ['calendarId'],
  search: ['code', 'name', 'city', 'address'],
  readers: staffRoles,
  writers: ['administrator'],
})
