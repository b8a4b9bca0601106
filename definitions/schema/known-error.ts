import { z } from 'zod'

/** Who may read a known error: the team that keeps it, all agents, customers when signed in, everybody. */
export const Audience = z.enum(['internal', 'agents', 'customers', 'public'])
export type Audience = z.infer<typeof Audience>
export const KnownErrorState = z.enum(['draft', 'published', 'retired'])
export type KnownErrorState = z.infer<typeof KnownErrorState>

const text = (longest: number) => z.string().trim().max(longest)
/** What an author writes. */
export const KnownErrorContent = z.strictObject({
  title: text(200).min(3),
  /** How it shows: what a user says, what an agent sees. */
  symptoms: text(20_000).min(3),
  workaround: text(20_000),
  rootCause: text(20_000).default(''),
  audience: Audience.default('agents'),
  /** When somebody must look at it again. */
  reviewOn: z.iso.date().nullable().default(null),
  problemId: z.uuid().nullable().default(null),
  service: text(100).nullable().default(null),
  category: text(100).nullable().default(null),
  ciId: text(100).nullable().default(null),
})
export type KnownErrorContent = z.output<typeof KnownErrorContent>
export const knownErrorFields = Object.keys(KnownErrorContent.shape) as (keyof KnownErrorContent)[]

const Name = z.object({ id: z.string(), name: z.string() })
export const KnownErrorRow = KnownErrorContent.extend({
  id: z.string(),
  number: z.string(),
  version: z.int(),
  state: KnownErrorState,
  problem: z.object({ id: z.string(), number: z.string(), title: z.string(), status: z.string() }).nullable(),
  uses: z.int(),
  updatedAt: z.string(),
  updatedBy: Name,
  publishedAt: z.string().nullable(),
  isReviewDue: z.boolean(),
})
export type KnownErrorRow = z.infer<typeof KnownErrorRow>
export const KnownErrorView = KnownErrorRow.extend({
  versions: z.array(z.object({ version: z.int(), at: z.string(), by: Name, note: z.string() })),
  usedIn: z.array(z.object({ id: z.string(), number: z.string(), title: z.string(), at: z.string() })),
})
export type KnownErrorView = z.infer<typeof KnownErrorView>

/** A known error that fits an incident, and why. */
export const KnownErrorMatch = KnownErrorRow.extend({
  reasons: z.array(z.enum(['ci', 'category', 'service', 'words'])),
  isApplied: z.boolean(),
})
export type KnownErrorMatch = z.infer<typeof KnownErrorMatch>
