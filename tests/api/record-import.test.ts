import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type TestDesk, testDesk } from './desk.ts'

let desk: TestDesk
beforeAll(async () => {
  desk = await testDesk({ hasDefinitions: false })
})
afterAll(() => desk.close())

const bytes = (text: string, encoding: BufferEncoding = 'utf8') => Buffer.from(text, encoding).toString('base64')
async function bring(path: string, content: string, isDryRun: boolean, mapping: Record<string, string | null> = {}): Promise<Answer> {
  return (await desk.as('administrator'))(`/records/${path}/import`, {
    body: { content, isDryRun, mapping },
    headers: { 'accept-language': 'fr' },
  })
}
const list = async (path: string) => (await (await desk.as('administrator'))(`/records/${path}?limit=200`)).json
const problems = (answer: Answer) =>
  answer.json.rows.flatMap((row: { line: number; problems: { column: string; code: string }[] }) =>
    row.problems.map((problem) => `${row.line} ${problem.column}: ${problem.code}`),
  )

const items = [
  'Code;Nom;Classe;Criticité;Groupe de support;Site',
  'SRV-01;Serveur de paie;Serveur;Haute;Applications (N2);',
  'SRV-02;Serveur de fichiers;server;;network;',
  'SRV-03;"Imprimante ; 3e étage";Imprimante;Faible;;Nulle part',
  'SRV-04;;Grille-pain;Haute;;',
  'SRV-01;Encore lui;Serveur;;;',
].join('\r\n')

describe('a file of configuration items', () => {
  it('is tried first: adds, refusals at line and column, nothing saved', async () => {
    const tried = await bring('configuration-items', bytes(items), true)
    expect(tried.json).toMatchObject({ encoding: 'utf-8', delimiter: ';', counts: { add: 2, change: 0, unchanged: 0, refused: 3 } })
    expect(problems(tried)).toEqual(['4 Site: unknownReference', '5 Classe: notAChoice', '6 Code: duplicateRow'])
    expect(tried.json.rows[0].problems[0].message).toContain('Nulle part')
    expect((await list('configuration-items')).total).toBe(0)
  })

  it('is applied once, however often it is sent', async () => {
    expect((await bring('configuration-items', bytes(items), false)).json.counts).toEqual({ add: 2, change: 0, unchanged: 0, refused: 3 })
    expect((await bring('configuration-items', bytes(items), false)).json.counts).toEqual({ add: 0, change: 0, unchanged: 2, refused: 3 })
    expect((await list('configuration-items')).total).toBe(2)
  })

  it('changes only what it names, and says from what to what', async () => {
    const file = bytes('ci,Name,criticality\nSRV-02,File server,vital\n')
    const tried = await bring('configuration-items', file, true)
    expect(tried.json.rows[0].changes).toEqual([
      { field: 'name', from: 'Serveur de fichiers', to: 'File server' },
      { field: 'criticality', from: 'normal', to: 'vital' },
    ])
    await bring('configuration-items', file, false)
    const found = (await list('configuration-items')).items.find((each: { values: { code: string } }) => each.values.code === 'SRV-02')
    expect(found.values).toMatchObject({ name: 'File server', criticality: 'vital', groupId: 'network', class: 'server' })
  })

  it('of relations names both ends by their codes', async () => {
    const file = bytes('Élément;Relation;S’appuie sur\nSRV-01;dépend de;SRV-02\nSRV-01;dépend de;SRV-01\nSRV-01;dépend de;SRV-99\n')
    const answer = await bring('ci-relations', file, false)
    expect(answer.json.counts).toEqual({ add: 1, change: 0, unchanged: 0, refused: 2 })
    expect(problems(answer)).toEqual(['3 S’appuie sur: relationToItself', '4 S’appuie sur: unknownReference'])
    expect((await bring('ci-relations', file, false)).json.counts.unchanged).toBe(1)
  })
})

describe('a file of people', () => {
  const people = [
    'Nom,Adresse,Langue,Rôles,Groupes,Responsable hiérarchique,VIP',
    'Zoé Lemaître,zoe@example.org,fr,"demandeur, agent",Réseau et télécoms (N2),gaspard@example.org,non',
    'Gaspard Noël,GASPARD@example.org,anglais,requester,,,oui',
    'Sans adresse,,fr,requester,,,',
    'Personne,personne@example,fr,roi,,,peut-être',
  ].join('\n')

  it('may name people of the same file, in any order, and is read in the encoding of Windows too', async () => {
    const file = bytes(people, 'latin1')
    const tried = await bring('people', file, true)
    expect(tried.json).toMatchObject({ encoding: 'windows-1252', delimiter: ',', counts: { add: 2, refused: 2 } })
    expect(problems(tried)).toEqual(['4 Adresse: required', '5 Rôles: notAChoice', '5 VIP: notYesNo'])
    expect((await bring('people', file, false)).json.counts).toMatchObject({ add: 2, refused: 2 })
    expect((await bring('people', file, false)).json.counts).toMatchObject({ add: 0, unchanged: 2, refused: 2 })
    const found = (await (await desk.as('administrator'))('/records/people?q=lemaitre')).json.items[0]
    expect(found.values).toMatchObject({ name: 'Zoé Lemaître', roles: ['requester', 'agent'], groupIds: ['network'] })
    expect(Object.values(found.names.managerId)).toEqual(['Gaspard Noël'])
  })
})

describe('a file as a whole is refused', () => {
  it.each([
    ['without rows', 'Code;Nom', 'csvEmpty'],
    ['that is no CSV', 'Code;Nom\n"open;x\n', 'csvBroken'],
    ['without the key', 'Nom;Classe\nA;server\n', 'csvNoKey'],
  ])('%s', async (_name, text, code) => {
    const answer = await bring('configuration-items', bytes(text), true)
    expect([answer.status, answer.json.code]).toEqual([422, code])
    expect(answer.json.remedy).toBeTruthy()
  })

  it('unless one says which column the key is', async () => {
    const answer = await bring('configuration-items', bytes('Étiquette;Nom;Classe\nA-1;A;server\n'), true, { Étiquette: 'code' })
    expect(answer.json.counts.add).toBe(1)
  })
})
