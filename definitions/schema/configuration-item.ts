import { choice, defineNoun, fixed, hint, longText, maybe, reference, staffRoles, text } from './noun.ts'

export const criticalities = {
  vital: ['Vitale', 'Vital'],
  high: ['Haute', 'High'],
  normal: ['Normale', 'Normal'],
  low: ['Faible', 'Low'],
} as const satisfies Record<string, [string, string]>

/** A part of the information system that a ticket, a change or a problem may be about. */
export const configurationItem = defineNoun({
  id: 'configuration-item',
  path: 'configuration-items',
  table: 'configurationItem',
  one: { fr: 'Élément de configuration', en: 'Configuration item' },
  many: { fr: 'Éléments de configuration', en: 'Configuration items' },
  fields: {
    code: hint(text('Code', 'Code', 'ci', 'identifiant'), 'Unique, tel qu’étiqueté ou nommé sur le réseau', 'Unique, as labelled or named'),
    name: text('Nom', 'Name'),
    class: choice('Classe', 'Class', {
      application: ['Application', 'Application'],
      database: ['Base de données', 'Database'],
      server: ['Serveur', 'Server'],
      virtualMachine: ['Machine virtuelle', 'Virtual machine'],
      storage: ['Stockage', 'Storage'],
      network: ['Équipement réseau', 'Network device'],
      link: ['Lien télécom', 'Telecom link'],
      cloud: ['Service infonuagique', 'Cloud service'],
      workstation: ['Poste de travail', 'Workstation'],
      printer: ['Imprimante', 'Printer'],
      phone: ['Téléphone', 'Phone'],
      other: ['Autre', 'Other'],
    }),
    status: choice(
      'Statut',
      'Status',
      {
        planned: ['Prévu', 'Planned'],
        inService: ['En service', 'In service'],
        maintenance: ['En maintenance', 'In maintenance'],
        retired: ['Retiré', 'Retired'],
      },
      'inService',
    ),
    environment: choice(
      'Environnement',
      'Environment',
      {
        production: ['Production', 'Production'],
        preproduction: ['Préproduction', 'Pre-production'],
        test: ['Test', 'Test'],
        development: ['Développement', 'Development'],
      },
      'production',
    ),
    criticality: choice('Criticité', 'Criticality', criticalities, 'normal'),
    serviceId: maybe(reference('Service', 'Service', 'service')),
    groupId: maybe(reference('Groupe de support', 'Support group', 'group', 'groupe')),
    ownerId: maybe(reference('Responsable', 'Owner', 'person', 'propriétaire')),
    siteId: maybe(reference('Site', 'Site', 'site')),
    supplierId: maybe(reference('Fournisseur', 'Supplier', 'supplier')),
    description: maybe(longText('Description', 'Description')),
  },
  key: ['code'],
  title: ['name'],
  list: ['code', 'class', 'status', 'environment', 'criticality', 'serviceId', 'groupId'],
  filters: ['class', 'status', 'environment', 'criticality', 'serviceId', 'groupId', 'siteId', 'supplierId', 'ownerId'],
  search: ['code', 'name', 'description'],
  readers: staffRoles,
  writers: ['agent', 'administrator'],
})

/**
 * `from` relies on `to`: when `to` fails, `from` is hit. Every kind reads in that direction, so that one walk serves them all.
 */
export const ciRelation = defineNoun({
  id: 'ci-relation',
  path: 'ci-relations',
  table: 'ciRelation',
  one: { fr: 'Relation entre éléments', en: 'Relation of configuration items' },
  many: { fr: 'Relations entre éléments', en: 'Relations of configuration items' },
  fields: {
    fromId: fixed(reference('Élément', 'Item', 'configuration-item', 'de', 'from')),
    kind: fixed(
      choice(
        'Relation',
        'Relation',
        {
          dependsOn: ['dépend de', 'depends on'],
          runsOn: ['s’exécute sur', 'runs on'],
          storedOn: ['est stocké sur', 'is stored on'],
          connectsThrough: ['est relié par', 'connects through'],
          composedOf: ['est composé de', 'is composed of'],
        },
        'dependsOn',
      ),
    ),
    toId: fixed(reference('S’appuie sur', 'Relies on', 'configuration-item', 'vers', 'to')),
    note: maybe(text('Remarque', 'Note')),
  },
  key: ['fromId', 'kind', 'toId'],
  title: ['fromId', 'kind', 'toId'],
  list: ['kind', 'note'],
  filters: ['fromId', 'toId', 'kind'],
  search: ['fromId', 'toId', 'note'],
  readers: staffRoles,
  writers: ['agent', 'administrator'],
  check: ({ fromId, toId }) => (fromId === toId ? [{ field: 'toId', code: 'relationToItself' }] : []),
})
