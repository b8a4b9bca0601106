import { addDays } from './calendar-date.ts'
import type { FieldIssue } from './noun.ts'
import { amount, choice, date, defineNoun, fixed, hint, integer, longText, maybe, reference, staffRoles, text } from './noun.ts'

/** The right to use a product, so many times. A process of its own warns before its end, and asks for seats that nobody uses. */
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
    renewalMonths: { ...integer('Reconduite pour (mois)', 'Renewed for (months)', 1, 120), initial: 12 },
    renewalLeadDays: {
      ...hint(
        integer('Prévenir avant l’échéance (jours)', 'Warn before the end (days)', 0, 365),
        'Le temps de décider et de donner le préavis',
        'Time to decide and to give notice',
      ),
      initial: 60,
    },
    reclaimAfterDays: maybe(
      hint(
        integer('Récupérer après (jours sans usage)', 'Reclaim after (unused days)', 1, 3650),
        'Vide : jamais réclamée',
        'Empty: never reclaimed',
      ),
    ),
    reclaimGraceDays: {
      ...hint(
        integer('Délai de réponse du détenteur (jours)', 'Days for the holder to answer', 1, 90),
        'Sans réponse, le droit est récupéré',
        'Without an answer the seat is taken back',
      ),
      initial: 10,
    },
    annualCost: maybe(amount('Coût annuel (€)', 'Annual cost (€)')),
    ownerId: maybe(reference('Responsable', 'Owner', 'person')),
    decision: choice(
      'Décision à l’échéance',
      'Decision at the end',
      {
        none: ['À prendre', 'To be taken'],
        renew: ['Reconduire', 'Renew'],
        reduce: ['Réduire', 'Reduce'],
        end: ['Arrêter', 'End'],
      },
      'none',
    ),
    decidedSeats: maybe(
      hint(
        integer('Droits à reconduire', 'Entitlements to renew', 0, 1_000_000),
        'Vide : autant qu’aujourd’hui',
        'Empty: as many as today',
      ),
    ),
    status: choice('Statut', 'Status', { active: ['En vigueur', 'In force'], ended: ['Terminée', 'Ended'] }, 'active'),
    notes: maybe(longText('Notes', 'Notes')),
  },
  key: ['name'],
  title: ['name'],
  list: ['metric', 'seats', 'endsOn', 'ownerId', 'decision', 'status'],
  filters: ['status', 'decision', 'metric', 'supplierId', 'ownerId'],
  search: ['name', 'supplierId', 'notes'],
  readers: staffRoles,
  writers: ['agent', 'administrator'],
  check({ startsOn, endsOn, renewalLeadDays, decision, decidedSeats, seats }) {
    const issues: FieldIssue[] = []
    if (startsOn !== null && endsOn !== null) {
      if (endsOn < startsOn) issues.push({ field: 'endsOn', code: 'endsBeforeStart' })
      else if (addDays(endsOn, -renewalLeadDays) < startsOn) issues.push({ field: 'renewalLeadDays', code: 'leadBeyondTerm' })
    }
    if (decision !== 'none' && endsOn === null) issues.push({ field: 'endsOn', code: 'endNeeded' })
    if (decision === 'reduce' && (decidedSeats === null || decidedSeats >= seats))
      issues.push({ field: 'decidedSeats', code: 'seatsNotFewer', params: { seats } })
    return issues
  },
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
    reviewedOn: maybe(hint(date('Dernière demande', 'Last asked'), 'Quand le détenteur a été interrogé', 'When its holder was asked')),
    keepReason: maybe(longText('Motif de conservation', 'Reason to keep it')),
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
    if (values.status === 'kept' && values.keepReason === null) issues.push({ field: 'keepReason', code: 'reasonNeeded' })
    return issues
  },
})
