import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createDatabase } from '../store/database.ts'
import { importFile } from './import-file.ts'
import { readMapping } from './read-mapping.ts'
import { ImportRefused } from './rejection.ts'
import { reportText } from './report-text.ts'

const usage = `Usage: npm run import -- FILE.csv --map MAPPING.json [--dry-run]

Brings an event log in as history, each event at its own time. A ticket that is known already is left as it is.
  --map      how columns become fields, e.g. definitions/imports/servicenow-incidents.json
  --dry-run  read, check and report; write nothing

Ends with 0 when everything was taken, 2 when some rows were refused (the rest is in), 1 when nothing could be done.`

/** Everything taken; nothing could be done; some of it refused. */
const exitCodes = { ok: 0, failed: 1, partly: 2 } as const

export async function run(args: string[], databaseUrl: string | undefined): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { map: { type: 'string' }, 'dry-run': { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
  })
  const [path] = positionals
  if (values.help === true) {
    console.log(usage)
    return exitCodes.ok
  }
  if (path === undefined || values.map === undefined || positionals.length !== 1)
    throw new ImportRefused('expected one file and --map', usage)
  if (!existsSync(path)) throw new ImportRefused(`there is no file ${path}`, 'check the path')
  if (databaseUrl === undefined) throw new ImportRefused('no database is known', 'start Guichet with npm start, or set DATABASE_URL')
  const mapping = await readMapping(values.map)
  const db = createDatabase(databaseUrl)
  try {
    const report = await importFile(db, { path, mapping, isDryRun: values['dry-run'], onProgress: progress() })
    console.log(reportText(report, values['dry-run']))
    return report.rejections.length > 0 ? exitCodes.partly : exitCodes.ok
  } finally {
    await db.destroy()
  }
}

/** One line, rewritten in place on a terminal, every tenth of the way elsewhere. */
function progress(): (done: number, of: number) => void {
  return (done, of) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${of} tickets${done === of ? '\n' : ''}`)
    else if (done === of || done % Math.max(1, Math.ceil(of / 10)) === 0) process.stderr.write(`${done} of ${of} tickets\n`)
  }
}

if (import.meta.main) {
  try {
    process.exitCode = await run(process.argv.slice(2), process.env['DATABASE_URL'])
  } catch (error) {
    if (error instanceof ImportRefused) console.error(`${error.message}\n${error.remedy}`)
    else if (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
      console.error(`${error.message}\n${usage}`)
    else console.error(error)
    process.exitCode = exitCodes.failed
  }
}
