/** Taking in a process that was drawn for another engine. */
import { importProcess } from '../../../workflows/engine/compile/index.ts'

export { importProcess }
