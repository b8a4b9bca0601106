import { addMonths, noticeDate } from './calendar-date.ts'
import { amount, choice, date, defineNoun, flag, hint, integer, longText, maybe, reference, references, staffRoles, text } from './noun.ts'

/** A supplier's promise to keep something running. A process of its own waits for its notice date. */
export const maintenanceContract = defineNoun({
  id: 'maintenance-contract',
  path: 'contracts',
  table: 'maintenanceContract',
  one: { fr: 'Contrat de maintenance', en: 'Maintenance contract' },
  many: { fr: 'Contrats de maintenance', en: 'Maintenance contracts' },
  fields: {
    reference: text('Référence', 'Reference', 'n° de contrat'),
    name: text('Objet', 'Subject', 'nom', 'name'),
    supplierId: reference('Fournisseur', 'Supplier', 'supplier'),
    ownerId: reference('Responsable', 'Owner', 'person'),
    startsOn: date('Début', 'Start'),
    endsOn: date('Fin', 'End'),
    isTacit: flag('Tacite reconduction', 'Tacit renewal', true),
    renewalMonths: { ...integer('Reconduit pour (mois)', 'Renewed for (months)', 0, 120), initial: 12 },
    noticeValue: { ...integer('Préavis', 'Notice', 0, 730), initial: 3 },
    noticeUnit: choice('Unité du préavis', 'Unit of notice', { months: ['mois', 'months'], days: ['jours', 'days'] }, 'months'),
    leadDays: {
      ...hint(
        integer('Prévenir avant le préavis (jours)', 'Warn before the notice (days)', 0, 365),
        'Le temps de décider',
        'Time to decide',
      ),
      initial: 30,
    },
    calendarId: maybe(reference('Heures couvertes', 'Coverage hours', 'calendar')),
    responseMinutes: maybe(
      hint(
        integer('Réponse promise (minutes couvertes)', 'Response promised (covered minutes)', 1, 100_000),
        'Vide : pas d’engagement',
        'Empty: no promise',
      ),
    ),
    resolutionMinutes: maybe(
      hint(
        integer('Rétablissement promis (minutes couvertes)', 'Restoration promised (covered minutes)', 1, 100_000),
        'Vide : délais d’usage',
        'Empty: customary times',
      ),
    ),
    annualCost: maybe(amount('Coût annuel (€)', 'Annual cost (€)')),
    ciIds: references('Éléments couverts', 'Items covered', 'configuration-item'),
    decision: choice(
      'Décision',
      'Decision',
      { none: ['À prendre', 'To be taken'], renew: ['Reconduire', 'Renew'], cancel: ['Résilier', 'Cancel'] },
      'none',
    ),
    status: choice(
      'Statut',
      'Status',
      { active: ['En vigueur', 'In force'], canceled: ['Résilié', 'Canceled'], ended: ['Terminé', 'Ended'] },
      'active',
    ),
    notes: maybe(longText('Notes', 'Notes')),
  },
  key: ['reference'],
  title: ['name'],
  list: ['reference', 'supplierId', 'ownerId', 'endsOn', 'isTacit', 'decision', 'status'],
  filters: ['status', 'decision', 'supplierId', 'ownerId', 'ciIds'],
  search: ['reference', 'name', 'supplierId'],
  readers: staffRoles,
  writers: ['agent', 'administrator'],
  check(values) {
    const { startsOn, endsOn, isTacit, renewalMonths } = values
    if (endsOn <= startsOn) return [{ field: 'endsOn', code: 'endsBeforeStart' }]
    const { responseMinutes, resolutionMinutes } = values
    if (responseMinutes !== null && resolutionMinutes !== null && resolutionMinutes < responseMinutes)
      return [{ field: 'resolutionMinutes', code: 'resolutionBeforeResponse' }]
    if (isTacit && renewalMonths === 0) return [{ field: 'renewalMonths', code: 'renewalNeeded' }]
    const terms = [{ startsOn, endsOn }, ...(isTacit ? [{ startsOn: endsOn, endsOn: addMonths(endsOn, renewalMonths) }] : [])]
    return terms.some((term) => noticeDate({ ...values, endsOn: term.endsOn }) < term.startsOn)
      ? [{ field: 'noticeValue', code: 'noticeBeyondTerm' }]
      : []
  },
})
