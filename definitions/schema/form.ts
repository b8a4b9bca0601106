import { z } from 'zod'
import { Json } from './json.ts'

/**
 * Forms in the JSON of bpmn.io's form-js (so Camunda's modeller opens them), the subset that Guichet renders; other component types are refused at deployment.
 * `label_fr` carries the French label, `label` the English one. `properties.source` names a live list: people, groups, services, categories, configurationItems.
 */
const common = {
  id: z.string(),
  label: z.string().default(''),
  label_fr: z.string().optional(),
  description: z.string().optional(),
  description_fr: z.string().optional(),
  conditional: z.object({ hide: z.string() }).optional(),
  properties: z.record(z.string(), z.string()).optional(),
}
const validate = z
  .object({
    required: z.boolean().optional(),
    minLength: z.int().optional(),
    maxLength: z.int().optional(),
    min: z.number().optional(),
    max: z.number().optional(),
    pattern: z.string().optional(),
  })
  .optional()
const keyed = { ...common, key: z.string(), validate, defaultValue: Json.optional() }
const values = z
  .array(z.object({ label: z.string(), label_fr: z.string().optional(), value: z.union([z.string(), z.number()]) }))
  .optional()
export const FormComponent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), ...common, text: z.string(), text_fr: z.string().optional() }),
  z.object({ type: z.literal('textfield'), ...keyed }),
  z.object({ type: z.literal('textarea'), ...keyed }),
  z.object({ type: z.literal('number'), ...keyed }),
  z.object({ type: z.literal('checkbox'), ...keyed }),
  z.object({ type: z.literal('select'), ...keyed, values }),
  z.object({ type: z.literal('radio'), ...keyed, values }),
  z.object({ type: z.literal('datetime'), ...keyed, subtype: z.enum(['date', 'time', 'datetime']).default('datetime') }),
  z.object({ type: z.literal('filepicker'), ...keyed, multiple: z.boolean().optional() }),
])
export type FormComponent = z.infer<typeof FormComponent>
export const Form = z.object({
  id: z.string(),
  type: z.literal('default'),
  schemaVersion: z.int().optional(),
  title: z.string().optional(),
  title_fr: z.string().optional(),
  components: z.array(FormComponent),
})
export type Form = z.infer<typeof Form>
