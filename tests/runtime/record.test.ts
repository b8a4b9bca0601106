import { mkdirSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { test } from 'vitest'
import { historiesFolder, recordIncident } from './record.ts'

// Not a check: writes a file. `GUICHET_RECORD=<name>` says that it is wanted.
test.runIf(process.env.GUICHET_RECORD)(
  'records an incident',
  async () => {
    mkdirSync(historiesFolder, { recursive: true })
    writeFileSync(
      new URL(`${process.env.GUICHET_RECORD}.json.gz`, historiesFolder),
      gzipSync(JSON.stringify(await recordIncident()), { level: 9 }),
    )
  },
  60_000,
)
