/**
 * The executable model: what a BPMN definition becomes when it is deployed. Plain JSON, immutable, content-addressed by
 * its caller. Everything that can be decided from the drawing alone is decided here, once, by `compile/`.
 */
import type { Json } from './contract.ts'

/** A constant, or a FEEL expression whose syntax was checked at compile time. */
export type Expression = { literal: Json } | { feel: string }

/** zeebe:input / zeebe:output: `source` is evaluated, its value is written to the variable path `target`. */
export interface Mapping {
  source: Expression
  target: string
}

export interface Flow {
  id: string
  sourceId: string
  targetId: string
  /** FEEL yielding a boolean; absent: always taken. */
  condition?: Expression
}

/** Event definitions (BPMN 2.0 clause 10.5.5). */
export type EventDefinition =
  | { type: 'none' }
  | { type: 'timer'; timer: 'date' | 'duration' | 'cycle'; value: Expression }
  | {
      type: 'message'
      name: Expression
      correlationKey?: Expression
      timeToLive?: Expression
      jobType?: Expression
      retries?: Expression
      headers?: Record<string, string>
    }
  | { type: 'signal'; name: Expression }
  /** `code` null: catches every error that carries no more precise handler (catch-all). */
  | { type: 'error'; code: Expression | null }
  | { type: 'escalation'; code: Expression | null }
  | { type: 'conditional'; condition: Expression }
  | { type: 'link'; name: string }
  | { type: 'terminate' }
  | { type: 'cancel' }
  | { type: 'compensation'; activityId: string | null }
  /** Any of these; with `isParallel`, all of them (BPMN 2.0 clause 10.5.5). */
  | { type: 'multiple'; events: EventDefinition[]; isParallel: boolean }

export type EventType = EventDefinition['type']

/** Multi-instance (BPMN 2.0 clause 13.3.7) or standard loop (13.3.6). */
export type Loop =
  | {
      type: 'multiInstance'
      isSequential: boolean
      /** A list; or a number of instances, by `cardinality`. */
      collection?: Expression
      cardinality?: Expression
      inputElement?: string
      outputCollection?: string
      outputElement?: Expression
      completionCondition?: Expression
    }
  | { type: 'standard'; testBefore: boolean; condition?: Expression; maximum?: number }

interface Base {
  id: string
  name: string
  /** The element that contains this one: the process or a sub-process. Null for the process itself. */
  scopeId: string | null
  incoming: string[]
  outgoing: string[]
  /** Taken when no other outgoing flow's condition is true. */
  defaultFlow?: string
  /** guichet: attributes, by local name. */
  attributes?: Record<string, string>
  /** Boundary events attached here, in document order. */
  boundary?: string[]
  inputs?: Mapping[]
  outputs?: Mapping[]
  loop?: Loop
  /** Tokens that must have come before it begins (BPMN 2.0 table 10.3); absent: 1. */
  startQuantity?: number
  /** Tokens that it puts on each flow it leaves by; absent: 1. */
  completionQuantity?: number
  /** Runs only to compensate `compensates`. */
  isForCompensation?: boolean
  /** The handler of this activity (through its compensation boundary event). */
  compensationHandler?: string
}

interface Scope {
  /** Where a token is put when the scope is entered without a trigger. */
  starts: string[]
  /** Event sub-processes, in document order. */
  eventSubProcesses: string[]
}

/** How a task is handed to the world. */
export interface Job {
  jobType: Expression
  retries: Expression
  headers: Record<string, string>
}

export type ProcessElement = Base & Scope & { type: 'process' }
export type SubProcessElement = Base & Scope & { type: 'subProcess' }
export type TransactionElement = Base & Scope & { type: 'transaction' }
export type EventSubProcessElement = Base &
  Scope & { type: 'eventSubProcess'; startId: string; isInterrupting: boolean; event: EventDefinition }
export type AdHocSubProcessElement = Base &
  Scope & {
    type: 'adHocSubProcess'
    isSequential: boolean
    activeElements?: Expression
    completionCondition?: Expression
    cancelsRemaining: boolean
    /** Nothing begins by itself: a person picks, by `modify`; it stays open until its condition is true. */
    isManual?: boolean
  }
export type CallActivityElement = Base & {
  type: 'callActivity'
  processId: Expression
  propagatesAllChildVariables: boolean
  propagatesAllParentVariables: boolean
}
export type TaskElement = Base & { type: 'task' }
export type ManualTaskElement = Base & { type: 'manualTask' }
export type UserTaskElement = Base & {
  type: 'userTask'
  formId: Expression | null
  assignee: Expression | null
  candidateGroups: Expression | null
  candidateUsers: Expression | null
  dueDate: Expression | null
}
export type ServiceTaskElement = Base & { type: 'serviceTask'; job: Job }
export type SendTaskElement = Base & { type: 'sendTask'; job: Job }
export type ReceiveTaskElement = Base & { type: 'receiveTask'; event: EventDefinition; isInstantiating?: boolean }
export type ScriptTaskElement = Base & {
  type: 'scriptTask' /** null: the script is a job */
  expression: Expression | null
  resultVariable: string
  job: Job | null
}
export type BusinessRuleTaskElement = Base & {
  type: 'businessRuleTask'
  decision: { decisionId: Expression; resultVariable: string } | null
  job: Job | null
}
export type StartEventElement = Base & { type: 'startEvent'; event: EventDefinition }
export type EndEventElement = Base & { type: 'endEvent'; event: EventDefinition }
export type CatchEventElement = Base & { type: 'intermediateCatchEvent'; event: EventDefinition }
export type ThrowEventElement = Base & {
  type: 'intermediateThrowEvent'
  event: EventDefinition /** link events: where the token goes */
  linkTargetId?: string
}
export type BoundaryEventElement = Base & { type: 'boundaryEvent'; event: EventDefinition; attachedToId: string; isInterrupting: boolean }
export type ExclusiveGatewayElement = Base & { type: 'exclusiveGateway' }
export type ParallelGatewayElement = Base & { type: 'parallelGateway' }
export type InclusiveGatewayElement = Base & {
  type: 'inclusiveGateway'
  /** For each element of the same scope from which an incoming flow is reachable without passing here: those flows. */
  upstream: Record<string, string[]>
  /**
   * For each element from which they can still be triggered: boundary events that lead here. They are no part of `upstream` then. Absent in models
   * compiled before it was told apart: these keep the rule that they were deployed with.
   */
  attached?: Record<string, string[]>
}
export type EventBasedGatewayElement = Base & {
  type: 'eventBasedGateway'
  isInstantiating: boolean
  /** The first event creates the instance, which then waits for all the others (BPMN 2.0 clause 10.6.6). */
  isParallel?: boolean
}

export type ModelElement =
  | ProcessElement
  | SubProcessElement
  | TransactionElement
  | EventSubProcessElement
  | AdHocSubProcessElement
  | CallActivityElement
  | TaskElement
  | ManualTaskElement
  | UserTaskElement
  | ServiceTaskElement
  | SendTaskElement
  | ReceiveTaskElement
  | ScriptTaskElement
  | BusinessRuleTaskElement
  | StartEventElement
  | EndEventElement
  | CatchEventElement
  | ThrowEventElement
  | BoundaryEventElement
  | ExclusiveGatewayElement
  | ParallelGatewayElement
  | InclusiveGatewayElement
  | EventBasedGatewayElement

export type ElementType = ModelElement['type']
export type ElementOf<T extends ElementType> = Extract<ModelElement, { type: T }>
export type ScopeElement = Extract<ModelElement, Scope>

/** A start event that the world may trigger: what the definition registry subscribes to. */
export interface StartTrigger {
  elementId: string
  event: EventDefinition
  /** Of a parallel start (start event or gateway): the element whose triggers all go to one instance. */
  groupId?: string
}

export interface Model {
  format: 1
  processId: string
  name: string
  versionTag: string | null
  /** IANA zone in which now(), today() and calendar durations are read. */
  timeZone: string
  attributes: Record<string, string>
  elements: Record<string, ModelElement>
  flows: Record<string, Flow>
  /** Start events other than none, at process level. */
  startTriggers: StartTrigger[]
  /** Processes named as constants by call activities; decisions by business rule tasks; forms by user tasks. */
  references: { processes: string[]; decisions: string[]; forms: string[]; jobTypes: string[] }
}

/** A compiled decision with everything it needs (its requirement graph). */
export interface DecisionModel {
  format: 1
  decisionId: string
  name: string
  /** By id: the decision itself and all decisions and knowledge models it requires. */
  nodes: Record<string, DecisionNode>
  /** Item definitions that FEEL may name, as in `instance of`. */
  types?: Record<string, DataType>
}

/** A built-in FEEL type by its name, or what an item definition makes of them; null: any. */
export type DataType =
  | string
  | { list: DataType | null }
  | { context: { name: string; type: DataType | null }[] }
  /** With its allowed values, as unary tests. */
  | { of: DataType | null; allowed: string }

export interface DecisionNode {
  id: string
  name: string
  variable: string
  /** Required decisions and knowledge models, evaluated first and visible under their variable name. */
  requires: string[]
  /** Names of required input data; a missing one is a failure. */
  inputs: string[]
  /** Types of required input data by name. */
  inputTypes?: Record<string, DataType>
  /** Of what comes from an imported model, by node id or name of input data: the name of the import, a context that holds it. */
  imported?: Record<string, string>
  /** Type of the decision's own variable; absent: any. */
  resultType?: DataType
  kind: 'decision' | 'knowledge' | 'service'
  /** Of a service: decisions that its caller gives, after its input data. Its output decisions are what it requires. */
  inputDecisions?: string[]
  logic: BoxedExpression
}

export type HitPolicy = 'UNIQUE' | 'FIRST' | 'PRIORITY' | 'ANY' | 'COLLECT' | 'RULE ORDER' | 'OUTPUT ORDER'

/** Boxed expressions (DMN 1.3 clause 10.2.2). FEEL sources were parsed at compile time. */
export type BoxedExpression =
  | { type: 'literal'; feel: string }
  | { type: 'table'; table: DecisionTable }
  | { type: 'context'; entries: { name: string | null; value: BoxedExpression; valueType?: DataType }[] }
  | { type: 'invocation'; callee: string; bindings: { name: string; value: BoxedExpression }[] }
  | { type: 'function'; parameters: string[]; parameterTypes?: (DataType | null)[]; resultType?: DataType; body: BoxedExpression }
  | { type: 'conditional'; test: BoxedExpression; whenTrue: BoxedExpression; whenFalse: BoxedExpression }
  | { type: 'filter'; in: BoxedExpression; match: BoxedExpression }
  | { type: 'iteration'; kind: 'for' | 'some' | 'every'; variable: string; in: BoxedExpression; body: BoxedExpression }
  | { type: 'list'; items: BoxedExpression[] }
  | { type: 'relation'; columns: string[]; rows: BoxedExpression[][] }

export interface DecisionTable {
  hitPolicy: HitPolicy
  aggregation: 'SUM' | 'COUNT' | 'MIN' | 'MAX' | null
  inputs: { feel: string; allowed: string | null }[]
  outputs: {
    name: string /** output values in order of priority, evaluated from the outputValues list */
    allowed: string[]
    default: string | null
  }[]
  rules: { id: string /** unary tests; null: any */; tests: (string | null)[]; outputs: (string | null)[] }[]
}

/** What one instance runs: its process, all that it calls and all that it decides by. */
export interface Program {
  process: Model
  called: Record<string, Model>
  decisions: Record<string, DecisionModel>
}
