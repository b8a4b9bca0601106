import { isSelectEntryEdited, isTextFieldEntryEdited, SelectEntry, TextFieldEntry } from '@bpmn-io/properties-panel'
import { useService } from 'bpmn-js-properties-panel'
import { TicketKind, TicketStatus } from '#schema/ticket'

/** Words of the group, and of the statuses and kinds, in the author's language. */
export interface GuichetWords {
  group: string
  status: string
  statusHint: string
  nameEn: string
  dueVariable: string
  dueVariableHint: string
  dueBusinessDays: string
  calendar: string
  ticketKind: string
  slaPolicies: string
  timeZone: string
  unchanged: string
  statuses: Record<string, string>
  kinds: Record<string, string>
}
interface EntryProps {
  element: DiagramElement
  id: string
  property: string
  label: string
  hint?: string
  options?: { value: string; label: string }[]
}

const binding = (element: DiagramElement, property: string, modeling: DiagramServices['modeling']) => ({
  getValue: () => element.businessObject.get(property) ?? '',
  setValue: (value: string | undefined) => modeling.updateProperties(element, { [property]: value === '' ? undefined : value }),
})

function ChoiceEntry({ element, id, property, label, hint, options }: EntryProps) {
  const modeling = useService<DiagramServices['modeling']>('modeling')
  return SelectEntry({ element, id, label, description: hint, getOptions: () => options, ...binding(element, property, modeling) })
}
function WordsEntry({ element, id, property, label, hint }: EntryProps) {
  const modeling = useService<DiagramServices['modeling']>('modeling')
  const debounce = useService<unknown>('debounceInput')
  return TextFieldEntry({ element, id, label, description: hint, debounce, ...binding(element, property, modeling) })
}

interface Group {
  id: string
  label: string
  entries: object[]
}

/** What ITSM adds to a BPMN element: ticket status on entry, English name; on a process its kind, SLA policies, time zone. */
export class GuichetPropertiesProvider {
  static $inject = ['propertiesPanel', 'config.guichet']
  private readonly words: GuichetWords

  constructor(propertiesPanel: { registerProvider(priority: number, provider: object): void }, words: GuichetWords) {
    this.words = words
    propertiesPanel.registerProvider(400, this)
  }

  getGroups(element: DiagramElement) {
    return (groups: Group[]): Group[] => {
      const entries = this.entriesOf(element)
      if (entries.length === 0) return groups
      const general = groups.findIndex((group) => group.id === 'general')
      return groups.toSpliced(general + 1, 0, { id: 'guichet', label: this.words.group, entries })
    }
  }

  private entriesOf(element: DiagramElement): object[] {
    const object = element.businessObject
    const { words } = this
    const none = { value: '', label: words.unchanged }
    const choices = (values: readonly string[], labels: Record<string, string>) => [
      none,
      ...values.map((value) => ({ value, label: labels[value] ?? value })),
    ]
    const text = (id: string, label: string, hint?: string) => ({
      id: `guichet-${id}`,
      element,
      property: `guichet:${id}`,
      label,
      hint,
      component: WordsEntry,
      isEdited: isTextFieldEntryEdited,
    })
    const select = (id: string, label: string, options: object[], hint?: string) => ({
      id: `guichet-${id}`,
      element,
      property: `guichet:${id}`,
      label,
      hint,
      options,
      component: ChoiceEntry,
      isEdited: isSelectEntryEdited,
    })
    if (!object?.$instanceOf('bpmn:BaseElement')) return []
    const entries: object[] = [text('nameEn', words.nameEn)]
    if (object.$instanceOf('bpmn:Task'))
      entries.push(
        text('dueVariable', words.dueVariable, words.dueVariableHint),
        text('dueBusinessDays', words.dueBusinessDays),
        text('calendar', words.calendar),
      )
    if (object.$instanceOf('bpmn:FlowNode'))
      entries.unshift(select('status', words.status, choices(TicketStatus.options, words.statuses), words.statusHint))
    if (object.$instanceOf('bpmn:Process')) {
      entries.push(
        select('ticketKind', words.ticketKind, choices(TicketKind.options, words.kinds)),
        text('slaPolicies', words.slaPolicies),
        text('timeZone', words.timeZone),
      )
    }
    return entries
  }
}

export const GuichetPropertiesModule = { __init__: ['guichetProperties'], guichetProperties: ['type', GuichetPropertiesProvider] }
