import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BundleOptions, bundleWorkflowCode, type WorkflowBundleWithSourceMap } from '@temporalio/worker'

const root = fileURLToPath(new URL('..', import.meta.url))
const entry = join(root, 'workflows/runtime/index.ts')

const shared = join(root, 'workflows/runtime/shared.ts')

/** What no workflow replaces (it replaces Date, Math.random, timers and weak references), and what code asks for most. */
const builtIns =
  'Array BigInt Boolean Error JSON Map Number Object Promise Reflect RegExp Set String Symbol TypeError WeakMap parseFloat parseInt isNaN'.split(
    ' ',
  )
const banner = builtIns.map((name) => `const ${name} = globalThis.${name};`).join('')

/**
 * In the workflow's sandbox a look-up of a global name is slow. So the built-ins are names of the bundle itself, and the syntax is that of the
 * Node we run on: the SDK's default of 2017 makes of every spread a helper that asks for `Object` again and again. Together a tenth of the
 * worker's time for an instance (`npm run bench`).
 */
const withoutGlobalLookups: BundleOptions['webpackConfigHook'] = (config) => {
  for (const rule of config.module?.rules ?? []) {
    if (!rule || typeof rule !== 'object' || !rule.use || typeof rule.use !== 'object' || Array.isArray(rule.use)) continue
    const { options } = rule.use
    if (typeof options === 'object' && 'jsc' in options) Object.assign(options.jsc as object, { target: 'es2022' })
  }
  config.plugins = [
    ...(config.plugins ?? []),
    { apply: (compiler) => new compiler.webpack.BannerPlugin({ raw: true, banner }).apply(compiler) },
  ]
  return config
}

/** The code that replays, as one script. `entryPath` for tests and benchmarks that add workflow types. */
export async function buildWorkflowBundle(entryPath = entry): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({
    workflowsPath: entryPath,
    preloadModules: [shared],
    webpackConfigHook: withoutGlobalLookups,
    logger: { log() {}, trace() {}, debug() {}, info() {}, warn: console.warn, error: console.error },
  })
}

/** The bundle, built only when the code that goes into it has changed since it was last kept in `directory`. */
export async function cachedWorkflowBundle(directory: string): Promise<{ code: string }> {
  const path = join(directory, `workflows-${(await sourcesHash()).slice(0, 16)}.js`)
  const kept = await readFile(path, 'utf8').catch(() => null)
  if (kept !== null) return { code: kept }
  const { code } = await buildWorkflowBundle()
  await mkdir(directory, { recursive: true })
  await writeFile(`${path}.${process.pid}`, code)
  await rename(`${path}.${process.pid}`, path)
  return { code }
}

async function sourcesHash(): Promise<string> {
  const hash = createHash('sha256')
  const { version } = createRequire(import.meta.url)('@temporalio/worker/package.json') as { version: string }
  hash.update(version)
  for (const folder of ['workflows', 'definitions/schema']) {
    const files = (await readdir(join(root, folder), { recursive: true })).filter((name) => name.endsWith('.ts')).sort()
    for (const file of files) hash.update(file).update(await readFile(join(root, folder, file)))
  }
  hash.update(await readFile(join(root, 'package.json'))).update(await readFile(fileURLToPath(import.meta.url)))
  return hash.digest('hex')
}
