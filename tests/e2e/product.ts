import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { onTestFailed } from 'vitest'
import { readLock } from '../../migrations/stack/lock.ts'
import { freePort } from '../../migrations/stack/ports.ts'
import { ownerRole } from '../../migrations/stack/postgres.ts'

const root = resolve(import.meta.dirname, '..', '..')
export const password = 'guichet'

/** The whole product, as `npm start` runs it, on a data folder and ports of its own. */
export interface Product {
  url: string
  smtpPort: number
  dataFolder: string
  /** As `findRunning` of the stack tells: addresses of what runs. */
  env: Record<string, string>
  /** The database's owner, who may do what the application may not: forge. */
  ownerUrl: string
}

const readyAfterMs = 170_000

/** Starts everything without the demo's live tickets; rejects with the log when it is not ready in time. */
export async function startProduct(): Promise<Product & { stop: () => Promise<void> }> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'guichet-e2e-'))
  const [port, smtpPort] = [await freePort(), await freePort()]
  const url = `http://localhost:${port}`
  const env = {
    ...process.env,
    GUICHET_DATA: dataFolder,
    PORT: String(port),
    SMTP_PORT: String(smtpPort),
    GUICHET_NO_DEMO: '1',
    GUICHET_PUBLIC_URL: '',
  }
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, 'migrations/stack/start.ts')], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => lines.push(chunk.toString()))
  const stop = async () => {
    await ended(child)
    rmSync(dataFolder, { recursive: true, force: true })
  }
  const deadline = Date.now() + readyAfterMs
  while (!lines.join('').includes('Guichet is ready')) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop()
      throw new Error(`expected the product to start, found:\n${lines.join('')}`)
    }
    await new Promise((done) => setTimeout(done, 200))
  }
  const own = readLock(dataFolder)?.env ?? {}
  return { url, smtpPort, dataFolder, env: own, ownerUrl: ownerUrl(dataFolder, own.DATABASE_URL ?? ''), stop }
}

/** The owner's address of the embedded database, from the secrets beside its data. */
function ownerUrl(dataFolder: string, appUrl: string): string {
  const secrets = JSON.parse(readFileSync(join(dataFolder, 'postgres.json'), 'utf8')) as { ownerPassword: string }
  const owner = new URL(appUrl)
  owner.username = ownerRole
  owner.password = secrets.ownerPassword
  return owner.href
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = new Promise<void>((done) => child.once('exit', () => done()))
  child.kill('SIGINT')
  const patience = setTimeout(() => child.kill('SIGKILL'), 40_000)
  await exit
  clearTimeout(patience)
}

export function findChromium(): string {
  const found = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    (path) => path && existsSync(path),
  )
  if (!found) throw new Error("no Chromium found: install Debian's package chromium, or name the program in CHROMIUM_PATH")
  return found
}

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: findChromium(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })

/** A browser session of one person, signed in through the page, in the wanted language. */
export async function signIn(
  browser: Browser,
  product: Product,
  email: string,
  locale: 'fr' | 'en' = 'en',
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({
    locale: locale === 'fr' ? 'fr-FR' : 'en-GB',
    viewport: { width: 1440, height: 900 },
    acceptDownloads: true,
    timezoneId: 'Europe/Paris',
  })
  await context.addInitScript((chosen) => localStorage.setItem('guichet.locale', chosen), locale)
  const page = await context.newPage()
  onTestFailed(async () => {
    const picture = join(tmpdir(), `guichet-e2e-${email.split('@')[0]}-${Date.now()}.png`)
    await page.screenshot({ path: picture }).then(
      () => console.error(`What ${email} saw: ${picture}`),
      () => {},
    )
  })
  await page.goto(product.url)
  await page.locator('input[type=email]').fill(email)
  await page.locator('input[type=password]').fill(password)
  await page.locator('button[type=submit]').click()
  await page.locator('input[type=password]').waitFor({ state: 'detached' })
  return { context, page }
}
