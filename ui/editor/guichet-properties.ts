import { TicketKind, TicketStatus } from '#schema/ticket'
import type { T } from '../i18n/index.ts'
import { approvalFields, type ApprovalServices } from './approval-properties.ts'
import { choiceField, type EntryOptions, type Option, textField } from './property-entries.ts'

/** Words in the author's language, and what is deployed that a field may name. */
export interface GuichetWords {
  t: T
  statuses: Record<string, string>
  kinds: Record<string, string>
  known: { calendars: string[]; policies: string[] }
}

interface Group {
  id: string
  label: string
  entries: object[]
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** What ITSM adds to a BPMN element: approvals, ticket status on entry, instants in working days, English names; on a process what its tickets are. */
export class GuichetPropertiesProvider {
  static $inject = ['propertiesPanel', 'config.guichet', 'bpmnFactory', 'commandStack', 'modeling', 'elementFactory', 'elementRegistry']
  private readonly words: GuichetWords
  private readonly services: ApprovalServices

  constructor(
    propertiesPanel: { registerProvider(priority: number, provider: object): void },
    words: GuichetWords,
    bpmnFactory: ApprovalServices['bpmnFactory'],
    commandStack: ApprovalServices['commandStack'],
    modeling: ApprovalServices['modeling'],
    elementFactory: ApprovalServices['elementFactory'],
    elementRegistry: ApprovalServices['elementRegistry'],
  ) {
    this.words = words
    this.services = { bpmnFactory, commandStack, modeling, elementFactory, elementRegistry }
    propertiesPanel.registerProvider(400, this)
  }

  getGroups(element: DiagramElement) {
    return (groups: Group[]): Group[] => {
      const { t } = this.words
      const object = element.businessObject
      if (!object?.$instanceOf('bpmn:BaseElement')) return groups
      const own: Group[] = [{ id: 'guichet', label: t('studio.guichet.group'), entries: this.entriesOf(element) }]
      if (object.$instanceOf('bpmn:UserTask'))
        own.push({ id: 'guichet-approval', label: t('studio.approval.group'), entries: approvalFields(element, this.services, t) })
      const general = groups.findIndex((group) => group.id === 'general')
      return groups.toSpliced(general + 1, 0, ...own)
    }
  }

  private entriesOf(element: DiagramElement): object[] {
    const object = element.businessObject
    const { t } = this.words
    const text = (id: string, label: string, more: Partial<EntryOptions> = {}) => textField({ id, element, label, ...more })
    const entries: object[] = []
    if (object.$instanceOf('bpmn:FlowNode')) entries.push(this.statusField(element))
    entries.push(text('nameEn', t('studio.guichet.nameEn'), { hint: t('studio.guichet.nameEn.hint') }))
    if (object.$instanceOf('bpmn:Task')) entries.push(...this.dueFields(element))
    if (object.$instanceOf('bpmn:UserTask')) entries.push(...this.taskFields(element))
    if (object.$instanceOf('bpmn:Process')) entries.push(...this.processFields(element))
    return entries
  }

  private choices(values: readonly string[], labels: Record<string, string>): Option[] {
    return [
      { value: '', label: this.words.t('studio.guichet.unchanged') },
      ...values.map((value) => ({ value, label: labels[value] ?? value })),
    ]
  }

  private statusField(element: DiagramElement): object {
    const { t, statuses } = this.words
    const options = this.choices(TicketStatus.options, statuses)
    return choiceField({ id: 'status', element, label: t('studio.guichet.status'), hint: t('studio.guichet.status.hint'), options })
  }

  /** An instant some working days ahead. */
  private dueFields(element: DiagramElement): object[] {
    const { t, known } = this.words
    const dueVariable = textField({
      id: 'dueVariable',
      element,
      label: t('studio.guichet.dueVariable'),
      hint: t('studio.guichet.dueVariable.hint'),
      check: (value) => (/^[A-Za-z_]\w*$/.test(value) ? null : t('studio.guichet.dueVariable.bad')),
    })
    const days = textField({
      id: 'dueBusinessDays',
      element,
      label: t('studio.guichet.dueBusinessDays'),
      hint: t('studio.guichet.dueBusinessDays.hint'),
      check: (value) => (/^\d{1,3}$/.test(value) ? null : t('studio.guichet.dueBusinessDays.bad')),
    })
    const current = element.businessObject.get('guichet:calendar')
    const calendars = [...new Set([...known.calendars, ...(typeof current === 'string' && current !== '' ? [current] : [])])]
    const calendar = choiceField({
      id: 'calendar',
      element,
      label: t('studio.guichet.calendar'),
      hint: t('studio.guichet.calendar.hint'),
      options: this.choices(calendars, {}),
    })
    return [dueVariable, days, calendar]
  }

  private taskFields(element: DiagramElement): object[] {
    const { t } = this.words
    const assignment = choiceField({
      id: 'assignment',
      element,
      label: t('studio.guichet.assignment'),
      hint: t('studio.guichet.assignment.hint'),
      options: [
        { value: '', label: t('studio.guichet.assignment.ticket') },
        { value: 'task', label: t('studio.guichet.assignment.task') },
      ],
    })
    const onSite = choiceField({
      id: 'onSite',
      element,
      label: t('studio.guichet.onSite'),
      hint: t('studio.guichet.onSite.hint'),
      options: [
        { value: '', label: t('studio.guichet.onSite.no') },
        { value: 'true', label: t('studio.guichet.onSite.yes') },
      ],
    })
    return [assignment, onSite]
  }

  private processFields(element: DiagramElement): object[] {
    const { t, kinds, known } = this.words
    const unknownPolicies = (value: string) => value.split(/[\s,]+/).filter((id) => id !== '' && !known.policies.includes(id))
    return [
      choiceField({
        id: 'ticketKind',
        element,
        label: t('studio.guichet.ticketKind'),
        hint: t('studio.guichet.ticketKind.hint'),
        options: this.choices(TicketKind.options, kinds),
      }),
      textField({
        id: 'numberPrefix',
        element,
        label: t('studio.guichet.numberPrefix'),
        hint: t('studio.guichet.numberPrefix.hint'),
        check: (value) => (/^[A-Z]{3}$/.test(value) ? null : t('studio.guichet.numberPrefix.bad')),
      }),
      textField({
        id: 'slaPolicies',
        element,
        label: t('studio.guichet.slaPolicies'),
        hint: t('studio.guichet.slaPolicies.hint', { ids: known.policies.join(', ') }),
        check: (value) => {
          const unknown = known.policies.length === 0 ? [] : unknownPolicies(value)
          return unknown.length > 0 ? t('studio.guichet.slaPolicies.bad', { ids: unknown.join(', ') }) : null
        },
      }),
      textField({
        id: 'timeZone',
        element,
        label: t('studio.guichet.timeZone'),
        hint: t('studio.guichet.timeZone.hint'),
        check: (value) => (isTimeZone(value) ? null : t('studio.guichet.timeZone.bad')),
      }),
    ]
  }
}

export const GuichetPropertiesModule = { __init__: ['guichetProperties'], guichetProperties: ['type', GuichetPropertiesProvider] }
