import { choice, defineNoun, email, longText, maybe, reference, staffRoles, text } from './noun.ts'

/** Whom customer support answers: a firm outside, known by its number and its addresses. */
export const customer = defineNoun({
  id: 'customer',
  path: 'customers',
  table: 'customer',
  one: { fr: 'Client', en: 'Customer' },
  many: { fr: 'Clients', en: 'Customers' },
  fields: {
    code: text('N° de client', 'Customer number', 'code'),
    name: text('Raison sociale', 'Name', 'nom'),
    contact: maybe(text('Contact', 'Contact')),
    email: maybe(email('Adresse électronique', 'E-mail address', 'adresse', 'address', 'email', 'courriel')),
    phone: maybe(text('Téléphone', 'Phone')),
    address: maybe(text('Rue', 'Street')),
    city: maybe(text('Ville', 'City')),
    country: maybe(text('Pays', 'Country')),
    ownerId: maybe(reference('Chargé de compte', 'Account manager', 'person')),
    supportLevel: choice(
      'Niveau de support',
      'Support level',
      { standard: ['Standard', 'Standard'], extended: ['Étendu', 'Extended'], premium: ['Premium', 'Premium'], none: ['Aucun', 'None'] },
      'standard',
    ),
    notes: maybe(longText('Notes', 'Notes')),
  },
  key: ['code'],
  title: ['name'],
  list: ['code', 'contact', 'email', 'phone', 'city', 'supportLevel'],
  filters: ['supportLevel', 'ownerId'],
  search: ['code', 'name', 'contact', 'email', 'phone', 'city'],
  readers: staffRoles,
  writers: ['agent', 'administrator'],
})
