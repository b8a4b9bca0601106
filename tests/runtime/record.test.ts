import { test } from 'vitest'
import { missingRecordings, recordAll } from './record.ts'

// Not a check: writes files. `GUICHET_RECORD` says what is wanted: a name, or `missing`.
test.runIf(process.env.GUICHET_RECORD)(
  'records histories',
  async () => {
    const wanted = process.env.GUICHET_RECORD as string
    await recordAll(wanted === 'missing' ? missingRecordings() : [wanted])
  },
  600_000,
)
