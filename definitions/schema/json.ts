import { z } from 'zod'

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export const Json: z.ZodType<Json> = z.json() as z.ZodType<Json>
export type Variables = Record<string, Json>
export const Variables: z.ZodType<Variables> = z.record(z.string(), Json)
