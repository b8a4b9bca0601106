import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Fewer would make links guessable. */
const leastCharacters = 32

/**
 * What signs links and sessions of this installation: GUICHET_SECRET, or a file in GUICHET_DATA that is made once and that only
 * its owner may read. @throws when it is too short
 */
export function installationSecret(env: Record<string, string | undefined>): string {
  if (env.GUICHET_SECRET) return checked(env.GUICHET_SECRET, 'GUICHET_SECRET')
  const folder = env.GUICHET_DATA || '.guichet'
  const file = join(folder, 'secret')
  mkdirSync(folder, { recursive: true })
  try {
    writeFileSync(file, randomBytes(leastCharacters).toString('hex'), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return checked(readFileSync(file, 'utf8').trim(), file)
}

function checked(secret: string, place: string): string {
  if (secret.length < leastCharacters)
    throw new Error(`expected a secret of at least ${leastCharacters} characters in ${place}, found ${secret.length}`)
  return secret
}
