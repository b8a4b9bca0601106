/** The engine's door for everything that runs it. Compiling a definition is behind `compile/`, which the workflow bundle never imports. */
export * from './advance.ts'
export * from './contract.ts'
export type { DecisionModel, Model, ModelElement } from './model.ts'
export { elementTypes } from './elements/index.ts'
export { evaluateDecision } from './decision/evaluate.ts'
export { migrate, type Migration, type MigrationRefusal, type MigrationRefusalCode, type MigrationRequest } from './migration/migrate.ts'
export { proposeMapping, proposeProgramMapping, type MappingProposal, type NodeMapping } from './migration/mapping.ts'
