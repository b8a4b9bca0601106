/** The workflow types of the worker. */
export { processInstance } from './process-instance.ts'
