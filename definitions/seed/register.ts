/** The register of the demonstration: a French firm of some 400 people with a head office, a plant and an agency. Dates hang on today. */
import { addDays, addMonths } from '../schema/calendar-date.ts'
import { contracts, customers, onCall } from './register-agreements.ts'
import { holders, items, relations, siteOf } from './register-items.ts'
import { type DemoRecord, rows } from './register-rows.ts'

/** What is changed of a record that exists already. */
export interface DemoChange {
  noun: string
  id: string
  values: Record<string, unknown>
}

const places = [
  ...rows(
    'site',
    ['code', 'name', 'address', 'city', 'country', 'timeZone'],
    [
      ['site-paris', 'PAR', 'Siège', '12 rue de la Paix', 'Paris', 'France', 'Europe/Paris'],
      ['site-lyon', 'LYO', 'Usine de Lyon', '4 chemin des Ateliers', 'Vénissieux', 'France', 'Europe/Paris'],
      ['site-nantes', 'NTE', 'Agence Ouest', '8 quai de la Fosse', 'Nantes', 'France', 'Europe/Paris'],
    ],
  ),
  ...rows(
    'skill',
    ['code', 'name', 'nameEn'],
    [
      ['skill-erp', 'erp', 'ERP', 'ERP'],
      ['skill-crm', 'crm', 'CRM', 'CRM'],
      ['skill-payroll', 'payroll', 'Paie', 'Payroll'],
      ['skill-network', 'network', 'Réseau et pare-feu', 'Network and firewall'],
      ['skill-telephony', 'telephony', 'Téléphonie', 'Telephony'],
      ['skill-workplace', 'workplace', 'Poste de travail', 'Workplace'],
      ['skill-english', 'english', 'Anglais', 'English'],
    ],
  ),
  ...rows(
    'supplier',
    ['name', 'contact', 'email', 'phone', 'customerNumber'],
    [
      ['sup-orange', 'Orange Business', 'Service clients grands comptes', 'support@operateur.example', '3901', 'OB-118842'],
      ['sup-dell', 'Dell Technologies', 'Support ProSupport', 'prosupport@constructeur.example', '0825 387 270', '5520917'],
      ['sup-sage', 'Éditeur Gestion+', 'Hotline ERP', 'hotline@gestionplus.example', '01 70 00 11 22', 'GP-2041'],
      ['sup-xerox', 'Bureautique Services', 'Planning interventions', 'planning@bureautique.example', '04 72 00 33 44', 'BS-77'],
      ['sup-cloud', 'Nuage Souverain', 'Support 24/7', 'support@nuage.example', '01 86 00 55 66', 'NS-3310'],
      ['sup-soft', 'Revente Logiciels', 'Chargée de compte', 'compte@revente.example', '01 55 00 77 88', 'RL-902'],
    ],
  ),
]

const serviceFields = ['code', 'name', 'nameEn', 'criticality', 'deskType', 'ownerId', 'groupId', 'calendarId']
const services = rows('service', serviceFields, [
  ['srv-workstation', 'workstation', 'Poste de travail', 'Workstation', 'normal', 'itServiceDesk', 'sofia', 'workplace', 'fr-business'],
  ['srv-email', 'email', 'Messagerie', 'Mail', 'high', 'itServiceDesk', 'lucie', 'applications', 'fr-business'],
  [
    'srv-erp',
    'erp',
    'ERP (finance, achats)',
    'ERP (finance, purchasing)',
    'vital',
    'itServiceDesk',
    'lucie',
    'applications',
    'fr-business',
  ],
  ['srv-crm', 'crm', 'CRM (ventes)', 'CRM (sales)', 'high', 'itServiceDesk', 'david', 'applications', 'fr-business'],
  ['srv-payroll', 'payroll', 'Paie', 'Payroll', 'vital', 'itServiceDesk', 'david', 'applications', 'fr-business'],
  ['srv-intranet', 'intranet', 'Intranet', 'Intranet', 'low', 'itServiceDesk', 'lucie', 'applications', 'fr-business'],
  ['srv-remote', 'remote-access', 'Accès distant', 'Remote access', 'high', 'itServiceDesk', 'mei', 'network', 'always'],
  ['srv-wifi', 'wifi', 'Réseau de bureau et Wi-Fi', 'Office network and Wi-Fi', 'high', 'itServiceDesk', 'karim', 'network', 'fr-business'],
  ['srv-telephony', 'telephony', 'Téléphonie', 'Telephony', 'high', 'itServiceDesk', 'karim', 'network', 'fr-business'],
  ['srv-printing', 'printing', 'Impression', 'Printing', 'low', 'itServiceDesk', 'bastien', 'workplace', 'fr-business'],
])

const assets = (today: string): DemoRecord[] => [
  ...holders.map((holder, index) => ({
    noun: 'asset',
    id: `asset-pc-${holder}`,
    values: {
      tag: `P-${String(1001 + index)}`,
      name: index % 3 === 0 ? 'Latitude 5440' : 'Latitude 7350',
      class: 'laptop',
      status: index === 7 ? 'inRepair' : 'assigned',
      serialNumber: `5CG${String(4_102_030 + index * 77)}`,
      holderId: holder,
      siteId: siteOf(index),
      ciId: `ci-pc-${holder}`,
      supplierId: 'sup-dell',
      purchasedOn: addDays(today, -90 - index * 61),
      warrantyEndsOn: addDays(addMonths(today, 36), -90 - index * 61),
      cost: index % 3 === 0 ? 1090 : 1390,
    },
  })),
  ...rows(
    'asset',
    ['tag', 'name', 'class', 'status', 'siteId', 'supplierId', 'cost', 'purchasedOn', 'warrantyEndsOn'],
    [
      [
        'asset-stock-1',
        'P-1101',
        'Latitude 7350',
        'laptop',
        'inStock',
        'site-paris',
        'sup-dell',
        1390,
        addDays(today, -20),
        addMonths(today, 35),
      ],
      [
        'asset-stock-2',
        'P-1102',
        'Latitude 7350',
        'laptop',
        'inStock',
        'site-paris',
        'sup-dell',
        1390,
        addDays(today, -20),
        addMonths(today, 35),
      ],
      ['asset-order-1', 'E-2201', 'Écran 27 pouces', 'screen', 'ordered', 'site-lyon', 'sup-dell', 249, null, null],
      [
        'asset-old-1',
        'P-0412',
        'Latitude 5420',
        'laptop',
        'retired',
        'site-paris',
        'sup-dell',
        980,
        addMonths(today, -62),
        addMonths(today, -26),
      ],
      [
        'asset-lost-1',
        'T-0301',
        'Téléphone de service',
        'phone',
        'lost',
        'site-nantes',
        'sup-orange',
        410,
        addMonths(today, -14),
        addMonths(today, 10),
      ],
      [
        'asset-scrap-1',
        'P-0117',
        'Ordinateur fixe',
        'desktop',
        'disposed',
        'site-lyon',
        'sup-dell',
        720,
        addMonths(today, -90),
        addMonths(today, -54),
      ],
    ],
  ),
]

const licences = (today: string): DemoRecord[] => {
  const licenceFields = [
    'name',
    'supplierId',
    'metric',
    'seats',
    'startsOn',
    'endsOn',
    'renewalLeadDays',
    'reclaimAfterDays',
    'annualCost',
    'ownerId',
    'decision',
    'decidedSeats',
    'status',
  ]
  const installed = (product: string, people: string[], unusedFrom: number): DemoRecord[] =>
    people.map((person, index) => ({
      noun: 'installation',
      id: `inst-${product}-${person}`,
      values: {
        licenceId: `lic-${product}`,
        personId: person,
        installedOn: addDays(today, -400 + index),
        lastUsedOn: addDays(today, index >= unusedFrom ? -150 - index : -index),
        status: 'active',
      },
    }))
  return [
    ...rows('licence', licenceFields, [
      // its owner is being asked, and so are those who do not use it; one more than bought; decided; over
      [
        'lic-office',
        'Suite bureautique',
        'sup-soft',
        'user',
        25,
        addMonths(today, -10),
        addDays(today, 45),
        60,
        90,
        5400,
        'helene',
        'none',
        null,
        'active',
      ],
      [
        'lic-cad',
        'Dessin technique Pro',
        'sup-soft',
        'user',
        4,
        addMonths(today, -5),
        addMonths(today, 7),
        60,
        null,
        9800,
        'helene',
        'none',
        null,
        'active',
      ],
      [
        'lic-bi',
        'Tableaux de bord',
        'sup-soft',
        'user',
        8,
        addMonths(today, -11),
        addMonths(today, 1),
        60,
        60,
        4800,
        'david',
        'reduce',
        5,
        'active',
      ],
      [
        'lic-video',
        'Montage vidéo',
        'sup-soft',
        'user',
        2,
        addMonths(today, -14),
        addMonths(today, -2),
        30,
        null,
        900,
        'helene',
        'end',
        null,
        'ended',
      ],
      [
        'lic-erp',
        'ERP Gestion+ (utilisateurs)',
        'sup-sage',
        'user',
        10,
        addMonths(today, -20),
        addMonths(today, 4),
        90,
        null,
        18000,
        'lucie',
        'none',
        null,
        'active',
      ],
      [
        'lic-antivirus',
        'Protection des postes',
        'sup-soft',
        'site',
        0,
        addMonths(today, -2),
        addMonths(today, 10),
        30,
        null,
        3100,
        'sofia',
        'none',
        null,
        'active',
      ],
    ]),
    ...installed('office', holders, 18),
    ...installed('cad', ['julie', 'antoine', 'olivier', 'paul', 'fatou'], 4),
    ...installed('bi', ['claire', 'marc', 'lucie', 'david', 'sarah', 'emma', 'paul'], 7),
    ...installed('erp', ['camille', 'marc', 'julie', 'claire', 'lucie', 'david', 'sarah', 'james', 'emma', 'paul'], 10),
  ]
}

/** Records in an order in which what is named comes first. */
export const demoRegister = (today: string): DemoRecord[] => [
  ...places,
  ...services,
  ...items,
  ...relations,
  ...assets(today),
  ...licences(today),
  ...contracts(today),
  ...customers,
  ...onCall(today),
]

/** What the seeded people and groups get beside; and seats that were asked about before. */
export const demoChanges = (today: string): DemoChange[] => [
  { noun: 'installation', id: 'inst-bi-emma', values: { status: 'removed', reviewedOn: addDays(today, -80) } },
  { noun: 'installation', id: 'inst-bi-paul', values: { status: 'removed', reviewedOn: addDays(today, -75) } },
  {
    noun: 'installation',
    id: 'inst-bi-sarah',
    values: { status: 'kept', reviewedOn: addDays(today, -20), keepReason: 'Clôture annuelle : sert deux fois par an.' },
  },
  { noun: 'group', id: 'network', values: { managerId: 'helene', calendarId: 'fr-business', hasOla: true, email: 'reseau@example.org' } },
  {
    noun: 'group',
    id: 'applications',
    values: { managerId: 'helene', calendarId: 'fr-business', hasOla: true, email: 'applications@example.org' },
  },
  { noun: 'group', id: 'workplace', values: { managerId: 'helene', calendarId: 'fr-business', email: 'poste@example.org' } },
  { noun: 'group', id: 'service-desk', values: { managerId: 'helene', calendarId: 'fr-business', email: 'support@example.org' } },
  { noun: 'person', id: 'lucie', values: { skillIds: ['skill-erp', 'skill-payroll'], siteId: 'site-paris' } },
  { noun: 'person', id: 'david', values: { skillIds: ['skill-erp', 'skill-crm', 'skill-english'], siteId: 'site-paris' } },
  { noun: 'person', id: 'mei', values: { skillIds: ['skill-network', 'skill-english'], siteId: 'site-paris' } },
  { noun: 'person', id: 'karim', values: { skillIds: ['skill-network', 'skill-telephony'], siteId: 'site-lyon' } },
  { noun: 'person', id: 'sofia', values: { skillIds: ['skill-workplace'], siteId: 'site-paris' } },
  { noun: 'person', id: 'bastien', values: { skillIds: ['skill-workplace'], siteId: 'site-lyon' } },
]
