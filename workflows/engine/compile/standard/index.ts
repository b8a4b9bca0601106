/**
 * The static constraints of BPMN 2.0 to the letter, on the tree as it was read: for a file that is held to the standard. A process
 * that is deployed here is held to those that concern its run (../validate.ts, ../constraints.ts); the rest is form.
 */
import type { Diagnostic } from '../../contract.ts'
import type { Node } from '../moddle.ts'
import { checkActivity } from './activities.ts'
import { checkCardinalities } from './cardinalities.ts'
import { checkCollaboration } from './collaborations.ts'
import { checkData } from './data.ts'
import { checkEvent, checkReuse } from './events.ts'
import { checkFlowNode, checkScope, checkSequenceFlow } from './flows.ts'
import { checkForm } from './form.ts'
import { descendants, references, type Report, reporter } from './tree.ts'

export function checkStandard(definitions: Node): Diagnostic[] {
  const found: Diagnostic[] = []
  const report = reporter(found)
  for (const node of descendants(definitions)) {
    checkForm(node, report)
    checkCardinalities(node, report)
    checkSequenceFlow(node, report)
    checkFlowNode(node, report)
    checkScope(node, report)
    checkActivity(node, definitions, report)
    checkEvent(node, report)
    checkData(node, report)
    checkCollaboration(node, report)
  }
  checkReuse(definitions, report)
  checkReferences(definitions, report)
  return found
}

/** Clause 8.2.1: a reference leads to an element of the type that its place asks for. */
export function checkReferences(definitions: Node, report: Report): void {
  for (const node of descendants(definitions)) {
    if (!node.$type.startsWith('bpmn:')) continue
    for (const { name, type, target } of references(node))
      if (!target.$instanceOf(type))
        report(node, 'wrongReference', `${name.replace('bpmn:', '')} leads to ${target.id}, a ${target.$type}: expected a ${type}`)
  }
}
