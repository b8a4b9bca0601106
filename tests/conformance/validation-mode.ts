/** Cases of mode `validation`: deployment must be refused. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { compileProcesses } from '#engine/compile/index'
import type { Case, Outcome } from './cases.ts'

export async function runValidationCase(file: string, test: Case): Promise<Outcome> {
  const compiled = await compileProcesses(readFileSync(join(dirname(file), test.file), 'utf8'), { dialect: {}, isStrict: true })
  return compiled.ok ? { verdict: 'failed', reason: 'expected the model to be refused, found it accepted' } : { verdict: 'passed' }
}
