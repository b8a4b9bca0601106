/** A DMN file as read, with the models that it imports (DMN 1.3 clause 6.3.3): what is where, and under which name. */
import { DmnModdle } from 'dmn-moddle'
import type { DataType } from '../model.ts'
import type { Report } from './decision-logic.ts'
import { type Types, typesOf } from './decision-types.ts'
import { dmnMetamodel } from './dmn-metamodel.ts'
import { child, list, type Node, text } from './moddle.ts'

const NAMESPACE_13 = 'https://www.omg.org/spec/DMN/20191111/MODEL/'
const ANY_VERSION = String.raw`https?:\/\/www\.omg\.org\/spec\/DMN\/(?:20151101\/dmn\.xsd|(?:20180521|20191111|20211108|20230324)\/MODEL\/)`
/** DMN 1.1, 1.2, 1.4 and 1.5: what is supported here is written alike in all of them. */
const OTHER_VERSIONS = new RegExp(ANY_VERSION, 'g')

export interface InputData {
  name: string
  type: DataType | null
}

export interface DmnFile {
  root: Node
  namespace: string
  /** Before the ids of an imported file's elements; empty for the file itself. */
  prefix: string
  types: Types
  inputData: Map<string, InputData>
  /** By namespace: the name under which its elements are known here. Several names, where it is imported several times. */
  imports: Map<string, { name: string; file: DmnFile }>
}

export async function parseDmn(xml: string, report: Report): Promise<Node | null> {
  try {
    const moddle = new DmnModdle({ dmn: dmnMetamodel })
    const { rootElement } = (await moddle.fromXML(xml.replace(OTHER_VERSIONS, NAMESPACE_13), 'dmn:Definitions')) as unknown as {
      rootElement: Node
    }
    return rootElement
  } catch (error) {
    const message = (error as Error).message
    const place = /line:\s*(\d+)[\s\S]*?column:\s*(\d+)/.exec(message)
    const line = place ? String(Number(place[1]) + 1) : ''
    report(
      '',
      'malformedXml',
      `the file is not well-formed DMN XML${place ? ` at line ${line}` : ''}: ${(message.split('\n')[0] ?? '').trim()}`,
      place ? { line } : {},
    )
    return null
  }
}

/** Other files by their namespace; of several with the same, the first. */
async function byNamespace(others: readonly string[]): Promise<Map<string, Node>> {
  const found = new Map<string, Node>()
  for (const xml of others) {
    // A file that cannot be read is no model to import; where it is deployed, its mistake was told there.
    const root = await parseDmn(xml, () => undefined)
    const namespace = root && text(root, 'namespace')
    if (root && namespace && !found.has(namespace)) found.set(namespace, root)
  }
  return found
}

/** The file with all that it imports, found among `others` (XML). What is missing is reported at its import. */
export async function readFile(root: Node, others: readonly string[], report: Report): Promise<DmnFile> {
  const isImporting = list(root, 'import').length > 0
  const known = isImporting ? await byNamespace(others) : new Map<string, Node>()
  return fileOf(root, known, [], report)
}

function fileOf(root: Node, known: ReadonlyMap<string, Node>, importers: readonly string[], report: Report): DmnFile {
  const namespace = text(root, 'namespace') ?? ''
  const imports: DmnFile['imports'] = new Map()
  for (const element of list(root, 'import')) {
    const [name, wanted] = [text(element, 'name') ?? '', text(element, 'namespace') ?? '']
    const at = element.id ?? name
    const importType = text(element, 'importType') ?? ''
    if (!new RegExp(`^${ANY_VERSION}$`).test(importType))
      report(at, 'unsupportedImport', `only DMN models can be imported, found ${importType || 'no importType'}`, { kind: importType })
    else if (wanted === namespace || importers.includes(wanted))
      report(at, 'importCycle', `the model ${wanted} imports itself`, { namespace: wanted })
    else if (!known.has(wanted))
      report(at, 'unresolvedImport', `the model ${wanted}, imported as '${name}', is not there: deploy it first`, {
        name,
        namespace: wanted,
      })
    else imports.set(wanted, { name, file: fileOf(known.get(wanted)!, known, [...importers, namespace], report) })
  }
  const importedType = (typeRef: string): DataType | null => {
    for (const { name, file } of imports.values()) {
      if (name === '') {
        const type = file.types(typeRef)
        if (type !== null) return type
      } else if (typeRef.startsWith(`${name}.`)) return file.types(typeRef.slice(name.length + 1))
    }
    return null
  }
  const types = typesOf(root, importedType)
  const inputData = new Map<string, InputData>()
  for (const element of list(root, 'drgElement'))
    if (element.$type === 'dmn:InputData' && element.id)
      inputData.set(element.id, {
        name: text(child(element, 'variable'), 'name') ?? element.name ?? element.id,
        type: types(text(child(element, 'variable'), 'typeRef')),
      })
  return { root, namespace, prefix: importers.length === 0 ? '' : `${namespace}#`, types, inputData, imports }
}

/** Where a reference leads: `#id`, or `namespace#id` in an imported model. */
export function targetOf(href: string, from: DmnFile): { key: string; id: string; file: DmnFile; importName: string | null } {
  const [, space = '', id = ''] = /^(.*?)#?([^#]*)$/.exec(href) ?? []
  const imported = space === '' || space === from.namespace ? undefined : from.imports.get(space)
  const file = imported?.file ?? from
  return { key: file.prefix + id, id, file, importName: imported?.name ?? null }
}
