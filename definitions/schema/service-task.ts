/** Types of service task (`zeebe:taskDefinition type`) that the desk does itself; each has its handler in activities/tasks/. */
export const taskIds = [
  'notify',
  'survey',
  'chooseAssignee',
  'contract',
  'licence',
  'approvers',
  'publishKnownError',
  'settleKnownError',
  'tellIncidents',
  'requestChange',
  'request',
  'provision',
  'access',
  'review',
  'changeFacts',
  'checkConflicts',
  'checkFreeze',
  'findApprovers',
  'recordChangeOutcome',
  'resolve-children',
  'count-similar',
  'propose-major',
  'publish-update',
] as const
export type TaskId = (typeof taskIds)[number]

/** Whether the desk does it itself; what it does not is offered to workers of the customer's (definitions/schema/job.ts). */
export const isTaskId = (name: string): name is TaskId => (taskIds as readonly string[]).includes(name)
