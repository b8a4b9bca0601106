import { defineNoun, email, longText, maybe, staffRoles, text } from './noun.ts'

export const supplier = defineNoun({
  id: 'supplier',
  path: 'suppliers',
  table: 'supplier',
  one: { fr: 'Fournisseur', en: 'Supplier' },
  many: { fr: 'Fournisseurs', en: 'Suppliers' },
  fields: {
    name: text('Nom', 'Name', 'raison sociale'),
    contact: maybe(text('Contact', 'Contact')),
    email: maybe(email('Adresse de support', 'Support address', 'email', 'courriel')),
    phone: maybe(text('Téléphone', 'Phone')),
    customerNumber: maybe(text('N° de client', 'Customer number')),
    notes: maybe(longText('Notes', 'Notes')),
  },
  key: ['name'],
  title: ['name'],
  list: ['contact', 'email', 'phone', 'customerNumber'],
  filters: [],
  search: ['name', 'contact', 'email', 'customerNumber'],
  readers: staffRoles,
  writers: ['agent', 'administrator'],
})
