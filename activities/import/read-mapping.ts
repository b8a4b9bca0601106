import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { ImportMapping } from '#schema/import-mapping'
import { dateReader } from './parse-date.ts'
import { ImportRefused } from './rejection.ts'

/** Reads and checks a mapping file. Throws ImportRefused naming the place in the JSON. */
export async function readMapping(path: string): Promise<ImportMapping> {
  let source: unknown
  try {
    source = JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    throw new ImportRefused(
      `the mapping ${path} cannot be read: ${detail}`,
      'give a JSON file such as definitions/imports/servicenow-incidents.json',
    )
  }
  const parsed = ImportMapping.safeParse(source)
  if (!parsed.success)
    throw new ImportRefused(
      `the mapping ${path} is not valid:\n${z.prettifyError(parsed.error)}`,
      'correct it; definitions/schema/import-mapping.ts says what each part means',
    )
  try {
    dateReader(parsed.data.file.dateFormat, parsed.data.file.timeZone)
    new TextDecoder(parsed.data.file.encoding)
  } catch (error) {
    if (error instanceof RangeError)
      throw new ImportRefused(
        `the mapping ${path} is not valid: file: ${error.message}`,
        'correct file.dateFormat, file.timeZone or file.encoding',
      )
    throw error
  }
  return parsed.data
}
