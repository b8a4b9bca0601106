import type { BlobStore } from './codec.ts'
import type { Db } from './store/database.ts'

/** The blob table as the codec sees it. */
export function databaseBlobs(db: Db): BlobStore {
  return {
    async read(hash) {
      const row = await db.selectFrom('blob').select('content').where('hash', '=', hash).executeTakeFirst()
      if (row === undefined) throw new Error(`expected a stored blob ${hash}, found none`)
      return row.content
    },
    async write(hash, content) {
      await db
        .insertInto('blob')
        .values({ hash, content: Buffer.from(content) })
        .onConflict((on) => on.column('hash').doNothing())
        .execute()
    },
  }
}
