import type { FieldIssue } from './noun.ts'
import { amount, choice, date, defineNoun, longText, maybe, reference, staffRoles, text } from './noun.ts'

/** What an asset's status may become; what is disposed of stays so. */
export const assetSteps: Record<string, readonly string[]> = {
  ordered: ['inStock', 'assigned', 'disposed'],
  inStock: ['assigned', 'inRepair', 'retired'],
  assigned: ['inStock', 'inRepair', 'lost', 'retired'],
  inRepair: ['inStock', 'assigned', 'retired'],
  lost: ['inStock', 'assigned', 'retired'],
  retired: ['inStock', 'disposed'],
  disposed: [],
}

/** Equipment that is owned: who has it, where, since when, what it cost. */
export const asset = defineNoun({
  id: 'asset',
  path: 'assets',
  table: 'asset',
  one: { fr: 'Matériel', en: 'Asset' },
  many: { fr: 'Parc matériel', en: 'Assets' },
  fields: {
    tag: text('N° d’inventaire', 'Asset tag', 'étiquette', 'tag'),
    name: text('Désignation', 'Name', 'nom'),
    class: choice('Type', 'Type', {
      laptop: ['Ordinateur portable', 'Laptop'],
      desktop: ['Ordinateur fixe', 'Desktop'],
      screen: ['Écran', 'Screen'],
      phone: ['Téléphone', 'Phone'],
      tablet: ['Tablette', 'Tablet'],
      printer: ['Imprimante', 'Printer'],
      server: ['Serveur', 'Server'],
      network: ['Équipement réseau', 'Network device'],
      other: ['Autre', 'Other'],
    }),
    status: choice(
      'Statut',
      'Status',
      {
        ordered: ['Commandé', 'Ordered'],
        inStock: ['En stock', 'In stock'],
        assigned: ['Affecté', 'Assigned'],
        inRepair: ['En réparation', 'In repair'],
        lost: ['Perdu ou volé', 'Lost or stolen'],
        retired: ['Réformé', 'Retired'],
        disposed: ['Mis au rebut', 'Disposed of'],
      },
      'inStock',
    ),
    serialNumber: maybe(text('N° de série', 'Serial number')),
    holderId: maybe(reference('Détenteur', 'Holder', 'person', 'utilisateur')),
    siteId: maybe(reference('Site', 'Site', 'site')),
    ciId: maybe(reference('Élément de configuration', 'Configuration item', 'configuration-item', 'ci')),
    supplierId: maybe(reference('Fournisseur', 'Supplier', 'supplier')),
    purchasedOn: maybe(date('Acheté le', 'Purchased on')),
    warrantyEndsOn: maybe(date('Fin de garantie', 'Warranty ends')),
    cost: maybe(amount('Coût (€)', 'Cost (€)')),
    notes: maybe(longText('Notes', 'Notes')),
  },
  key: ['tag'],
  title: ['name'],
  list: ['tag', 'class', 'status', 'holderId', 'siteId', 'warrantyEndsOn'],
  filters: ['class', 'status', 'holderId', 'siteId', 'ciId', 'supplierId'],
  search: ['tag', 'name', 'serialNumber', 'holderId'],
  readers: staffRoles,
  writers: ['agent', 'administrator'],
  check(values, before) {
    const issues: FieldIssue[] = []
    if (before && before.status !== values.status && !assetSteps[before.status]?.includes(values.status))
      issues.push({ field: 'status', code: 'statusStep', params: { from: before.status, to: values.status } })
    if (values.status === 'assigned' && values.holderId === null) issues.push({ field: 'holderId', code: 'holderNeeded' })
    if (values.purchasedOn !== null && values.warrantyEndsOn !== null && values.warrantyEndsOn < values.purchasedOn)
      issues.push({ field: 'warrantyEndsOn', code: 'warrantyBeforePurchase' })
    return issues
  },
})
