import { defineNoun, maybe, staffRoles, text } from './noun.ts'

/** What people can do; routing asks for it by its code. */
export const skill = defineNoun({
  id: 'skill',
  path: 'skills',
  table: 'skill',
  one: { fr: 'Compétence', en: 'Skill' },
  many: { fr: 'Compétences', en: 'Skills' },
  fields: {
    code: text('Code', 'Code'),
    name: text('Nom', 'Name'),
    nameEn: maybe(text('Nom anglais', 'English name')),
  },
  key: ['code'],
  title: ['name'],
  list: ['code', 'nameEn'],
  filters: [],
  search: ['code', 'name', 'nameEn'],
  readers: staffRoles,
  writers: ['administrator'],
})
