import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BundleOptions, bundleWorkflowCode, type WorkflowBundleWithSourceMap } from '@temporalio/worker'

const root = fileURLToPath(new URL('..', import.meta.url))
const entry = join(root, 'workflows/runtime/index.ts')

const shared = join(root, 'workflows/runtime/shared.ts')

/**
 * Code for the Node that we run on, not for one of 2017: there every spread becomes a helper that asks the sandbox's global object for each
 * key, and such a look-up is slow in a context of its own. A sixth of the worker's time for an instance.
 */
const modernSyntax: BundleOptions['webpackConfigHook'] = (config) => {
  for (const rule of config.module?.rules ?? []) {
    if (!rule || typeof rule !== 'object' || !rule.use || typeof rule.use !== 'object' || Array.isArray(rule.use)) continue
    const { options } = rule.use
    if (typeof options === 'object' && 'jsc' in options) Object.assign(options.jsc as object, { target: 'es2022' })
  }
  return config
}

/** The code that replays, as one script. `entryPath` for tests and benchmarks that add workflow types. */
export async function buildWorkflowBundle(entryPath = entry): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({
    workflowsPath: entryPath,
    preloadModules: [shared],
    webpackConfigHook: modernSyntax,
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
