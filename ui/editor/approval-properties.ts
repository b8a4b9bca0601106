/** Guided fields of a user task that is an approval: they write the standard drawing (ADR 0014). */
import type { T } from '../i18n/index.ts'
import { type ApprovalSettings, approvalChecks, approvalWays, isBeyondList, listedApprovers, newApproval } from './approval-drawing.ts'
import { readApproval, readDeadline, writeApproval, writeDeadline } from './approval-writer.ts'
import { choiceField, type Option, textField } from './property-entries.ts'

export interface ApprovalServices {
  bpmnFactory: DiagramServices['bpmnFactory']
  commandStack: DiagramServices['commandStack']
  modeling: DiagramServices['modeling']
  elementFactory: DiagramServices['elementFactory']
  elementRegistry: DiagramServices['elementRegistry']
}

/** Instants in working days that steps of the diagram set. */
const instantsIn = (registry: DiagramServices['elementRegistry']): string[] => [
  ...new Set(
    registry
      .filter(({ businessObject }) => typeof businessObject.get('guichet:dueVariable') === 'string')
      .map(({ businessObject }) => `=${String(businessObject.get('guichet:dueVariable'))}`),
  ),
]

/** Whether, and how, the task asks for an approval. */
export function approvalFields(element: DiagramElement, services: ApprovalServices, t: T): object[] {
  const object = element.businessObject
  const now = readApproval(object)
  const change = (part: Partial<ApprovalSettings>) =>
    writeApproval(services, element, { ...(readApproval(element.businessObject) ?? newApproval), ...part })
  const none: Option = { value: '', label: t('studio.approval.none') }
  const ways = approvalWays.map((way) => ({ value: way, label: t(`studio.approval.way.${way}`) }))
  const own: Option[] = now?.isOwn ? [{ value: 'own', label: t('studio.approval.way.own') }] : []
  const way = choiceField({
    id: 'approvalWay',
    element,
    label: t('studio.approval.way'),
    hint: t(now?.isOwn ? 'studio.approval.way.ownHint' : 'studio.approval.way.hint'),
    options: [none, ...ways, ...own],
    binding: {
      read: () => (now === null ? '' : now.isOwn ? 'own' : now.way),
      write: (value) => {
        const picked = approvalWays.find((one) => one === value)
        if (value === '') writeApproval(services, element, null)
        else if (picked) change({ way: picked })
      },
    },
  })
  return now === null ? [way] : [way, ...settingFields(element, services, t, now, change)]
}

function settingFields(
  element: DiagramElement,
  services: ApprovalServices,
  t: T,
  now: ApprovalSettings & { isOwn: boolean },
  change: (part: Partial<ApprovalSettings>) => void,
): object[] {
  const bad = (name: keyof typeof approvalChecks) => (value: string) =>
    approvalChecks[name](value) ? null : t(`studio.approval.${name}.bad`)
  const subject = textField({
    id: 'approvalSubject',
    element,
    label: t('studio.approval.subject'),
    hint: t('studio.approval.subject.hint'),
    check: bad('subject'),
    // the subject alone is written where the rest is the author's own drawing
    binding: {
      read: () => now.subject,
      write: (value) => value !== '' && services.modeling.updateProperties(element, { 'guichet:approval': value }),
    },
  })
  const deadline = deadlineField(element, services, t)
  if (now.isOwn) return [subject, deadline]
  const approvers = textField({
    id: 'approvalApprovers',
    element,
    label: t('studio.approval.approvers'),
    hint: t('studio.approval.approvers.hint'),
    check: bad('approvers'),
    binding: { read: () => now.approvers, write: (value) => value !== '' && change({ approvers: value }) },
  })
  const quorum = textField({
    id: 'approvalQuorum',
    element,
    label: t('studio.approval.quorum'),
    hint: t('studio.approval.quorum.hint'),
    check: (value) =>
      bad('quorum')(value) ??
      (isBeyondList({ ...now, quorum: value }) ? t('studio.approval.quorum.beyond', { count: listedApprovers(now.approvers) ?? 0 }) : null),
    binding: { read: () => now.quorum, write: (value) => value !== '' && change({ quorum: value }) },
  })
  const veto = choiceField({
    id: 'approvalVeto',
    element,
    label: t('studio.approval.veto'),
    hint: t('studio.approval.veto.hint'),
    options: [
      { value: '', label: t('studio.approval.veto.no') },
      { value: 'yes', label: t('studio.approval.veto.yes') },
    ],
    binding: { read: () => (now.hasVeto ? 'yes' : ''), write: (value) => change({ hasVeto: value === 'yes' }) },
  })
  return [subject, approvers, ...(now.way === 'quorum' ? [quorum] : []), veto, deadline]
}

function deadlineField(element: DiagramElement, services: ApprovalServices, t: T): object {
  const now = readDeadline(element.businessObject)
  const known = [...new Set([...instantsIn(services.elementRegistry), ...(now === '' ? [] : [now])])]
  return choiceField({
    id: 'approvalDeadline',
    element,
    label: t('studio.approval.deadline'),
    hint: t(known.length === 0 ? 'studio.approval.deadline.noneKnown' : 'studio.approval.deadline.hint'),
    options: [
      { value: '', label: t('studio.approval.deadline.none') },
      ...known.map((feel) => ({ value: feel, label: feel.replace(/^=/, '') })),
    ],
    binding: { read: () => now, write: (value) => writeDeadline(services, element, value) },
  })
}
