import type { FieldIssue } from './noun.ts'
import { amount, choice, date, defineNoun, fixed, hint, integer, longText, maybe, reference, staffRoles, text } from './noun.ts'

/** The right to use a product, so many times. */
export const licence = defineNoun({
  id: 'licence',
  path: 'licences',
  table: 'licence',
  one: { fr: 'Licence', en: 'Licence' },
  many: { fr: 'Licences', en: 'Licences' },
  fields: {
    name: text('Produit', 'Product', 'nom', 'name'),
    supplierId: maybe(reference('Éditeur ou revendeur', 'Publisher or reseller', 'supplier', 'fournisseur')),
    metric: choice(
      'Métrique',
      'Metric',
      { user: ['Par utilisateur', 'Per user'], device: ['Par poste', 'Per device'], site: ['Site (illimitée)', 'Site (unlimited)'] },
      'user',
    ),
    seats: integer('Droits acquis', 'Entitlements', 0, 1_000_000),
    startsOn: maybe(date('Début', 'Start')),
    endsOn: maybe(date('Échéance', 'End')),
    renewalLeadDays: { ...integer('Prévenir avant l’échéance (jours)', 'Warn before the end (days)', 0, 365), initial: 60 },
    reclaimAfterDays: maybe(
      hint(
        integer('Récupérer après (jours sans usage)', 'Reclaim after (unused days)', 1, 3650),
        'Vide : jamais réclamée',
        'Empty: never reclaimed',
      ),
    ),
    annualCost: maybe(amount('Coût annuel (€)', 'Annual cost (€)')),
    ownerId: maybe(reference('Responsable', 'Owner', 'person')),
    notes: maybe(longText('Notes', 'Notes')),
  },
  key: ['name'],
  title: ['name'],
  list: ['metric', 'seats', 'endsOn', 'ownerId'],
  filters: ['metric', 'supplierId', 'ownerId'],
  search: ['name', 'supplierId', 'notes'],
  readers: staffRoles,
  writers: ['agent', 'administrator'],
  check: ({ startsOn, endsOn }) =>
    startsOn !== null && endsOn !== null && endsOn < startsOn ? [{ field: 'endsOn', code: 'endsBeforeStart' }] : [],
})

/** A licensed product on somebody's account or machine. */
export const installation = defineNoun({
  id: 'installation',
  path: 'installations',
  table: 'installation',
  one: { fr: 'Installation', en: 'Installation' },
  many: { fr: 'Installations', en: 'Installations' },
  fields: {
    licenceId: fixed(reference('Licence', 'Licence', 'licence', 'produit')),
    personId: maybe(fixed(reference('Utilisateur', 'User', 'person'))),
    ciId: maybe(fixed(reference('Poste', 'Device', 'configuration-item', 'ci'))),
    installedOn: date('Installé le', 'Installed on'),
    lastUsedOn: maybe(date('Dernier usage', 'Last used')),
    status: choice(
      'Statut',
      'Status',
      {
        active: ['En usage', 'In use'],
        reclaimRequested: ['Récupération demandée', 'Reclaim requested'],
        kept: ['Conservée', 'Kept'],
        removed: ['Désinstallée', 'Removed'],
      },
      'active',
    ),
  },
  key: ['licenceId', 'personId', 'ciId'],
  title: ['licenceId', 'personId', 'ciId'],
  list: ['installedOn', 'lastUsedOn', 'status'],
  filters: ['licenceId', 'personId', 'ciId', 'status'],
  search: ['licenceId', 'personId', 'ciId'],
  readers: staffRoles,
  writers: ['agent', 'administrator'],
  check(values) {
    const issues: FieldIssue[] = []
    if (values.personId === null && values.ciId === null) issues.push({ field: 'personId', code: 'personOrCi' })
    if (values.lastUsedOn !== null && values.lastUsedOn < values.installedOn)
      issues.push({ field: 'lastUsedOn', code: 'usedBeforeInstalled' })
    return issues
  },
})
