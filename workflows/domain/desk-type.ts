/** What each type of desk may do, as data, and the refusals that follow from it. Pure: asked by the API, by intake and by the workflow. */
import type { Desk, DeskType } from '#schema/desk'
import type { Fact } from '#schema/fact'
import type { Variables } from '#schema/json'
import type { ChannelId, TicketKind } from '#schema/ticket'

export interface DeskTypeRule {
  /** Tickets that it never has, whatever the desk is configured to. */
  excludedKinds: readonly TicketKind[]
  excludedChannels: readonly ChannelId[]
  /** Tickets name configuration items. */
  hasConfigurationItems: boolean
  /** Somebody may be sent to the place. */
  hasOnSiteTasks: boolean
  /** Its requesters are customers from outside. */
  isForCustomers: boolean
  /** The channel that is offered first when an agent notes a contact. */
  firstChannel: ChannelId
  /** The process that a kind of ticket lives on here; absent: the one named like the kind. */
  processes: Partial<Record<TicketKind, string>>
}

const customerCase = 'customer-case'

export const deskTypes: Record<DeskType, DeskTypeRule> = {
  customerSupport: {
    excludedKinds: ['change'],
    excludedChannels: ['walkIn'],
    hasConfigurationItems: false,
    hasOnSiteTasks: true,
    isForCustomers: true,
    firstChannel: 'mail',
    processes: { request: customerCase, incident: customerCase },
  },
  callCentre: {
    excludedKinds: ['change', 'problem'],
    excludedChannels: ['walkIn', 'portal'],
    hasConfigurationItems: false,
    hasOnSiteTasks: false,
    isForCustomers: true,
    firstChannel: 'phone',
    processes: { request: customerCase, incident: customerCase },
  },
  itServiceDesk: {
    excludedKinds: [],
    excludedChannels: [],
    hasConfigurationItems: true,
    hasOnSiteTasks: true,
    isForCustomers: false,
    firstChannel: 'phone',
    processes: {},
  },
}

/** Not by zod: it is asked inside a workflow, whose modules are frozen. */
const isDeskType = (name: string): name is DeskType => Object.hasOwn(deskTypes, name)
export const deskTypeOf = (name: string | null | undefined): DeskType | null => (name && isDeskType(name) ? name : null)

export const sendsNobody = (deskType: DeskType | null | undefined): boolean => deskType != null && !deskTypes[deskType].hasOnSiteTasks

/** What a contact may become at once; requests of the IT service desk are ordered from its catalogue. */
export const contactKinds = (deskType: DeskType): TicketKind[] =>
  deskTypes[deskType].processes.request ? ['request', 'incident'] : ['incident']

export type DeskRefusalCode =
  | 'deskInactive'
  | 'kindNotOfDeskType'
  | 'kindNotOfDesk'
  | 'channelNotOfDeskType'
  | 'channelNotOfDesk'
  | 'ciNotOfDesk'
  | 'onSiteNotOfDesk'
export interface DeskRefusal {
  code: DeskRefusalCode
  /** What it is about: the channel, kind or element. */
  value: string
  /** Field that must change. */
  path: 'deskId' | 'kind' | 'channel' | 'ciId' | ''
  /** English, for people; translate by `code`. */
  message: string
}

type DeskRules = Pick<Desk, 'type' | 'channels' | 'kinds' | 'isActive'>
const refusal = (code: DeskRefusalCode, path: DeskRefusal['path'], value: string, message: string): DeskRefusal => ({
  code,
  path,
  value,
  message,
})

/** May something reach this desk on this channel? History that is brought in comes by none. */
export function channelRefusal(desk: DeskRules, channel: ChannelId): DeskRefusal | null {
  if (!desk.isActive) return refusal('deskInactive', 'deskId', '', 'This desk is closed: choose another.')
  if (channel === 'import') return null
  if (deskTypes[desk.type].excludedChannels.includes(channel))
    return refusal('channelNotOfDeskType', 'channel', channel, `A desk of type ${desk.type} is not reached by ${channel}.`)
  if (desk.channels.length > 0 && !desk.channels.includes(channel))
    return refusal(
      'channelNotOfDesk',
      'channel',
      channel,
      `This desk is not reached by ${channel}: choose one of ${desk.channels.join(', ')}.`,
    )
  return null
}

/** May the desk have tickets of this kind? */
export function kindRefusal(desk: DeskRules, kind: TicketKind): DeskRefusal | null {
  if (deskTypes[desk.type].excludedKinds.includes(kind))
    return refusal('kindNotOfDeskType', 'kind', kind, `A desk of type ${desk.type} has no tickets of kind ${kind}.`)
  if (desk.kinds.length > 0 && !desk.kinds.includes(kind))
    return refusal('kindNotOfDesk', 'kind', kind, `This desk has no tickets of kind ${kind}: choose one of ${desk.kinds.join(', ')}.`)
  return null
}

const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== ''

/** Does the ticket get a configuration item where there are none? `deskType` null: a ticket of no desk, which everything is permitted. */
export function ciRefusal(deskType: DeskType | null | undefined, values: Variables): DeskRefusal | null {
  if (!deskType || deskTypes[deskType].hasConfigurationItems || !isSet(values.ciId)) return null
  return refusal('ciNotOfDesk', 'ciId', String(values.ciId), `Tickets of a desk of type ${deskType} name no configuration item.`)
}

/** All that stands against opening a ticket, or moving one to this desk; the first is told. */
export function openingRefusal(desk: DeskRules, opening: { kind: TicketKind; channel: ChannelId; values: Variables }): DeskRefusal | null {
  return channelRefusal(desk, opening.channel) ?? kindRefusal(desk, opening.kind) ?? ciRefusal(desk.type, opening.values)
}

const onSite = (elementId: string, deskType: DeskType): DeskRefusal =>
  refusal(
    'onSiteNotOfDesk',
    '',
    elementId,
    `A desk of type ${deskType} sends nobody on site: solve it remotely, or hand the ticket to another desk.`,
  )

/** Is this task, marked `guichet:onSite="true"`, one that the desk does not do? */
export function onSiteTaskRefusal(
  deskType: DeskType | null | undefined,
  task: { elementId: string; attributes?: Record<string, string> } | undefined,
): DeskRefusal | null {
  if (!deskType || !task || !sendsNobody(deskType) || task.attributes?.onSite !== 'true') return null
  return onSite(task.elementId, deskType)
}

/** Would what happened open an on-site task where there are none? Refused before it happens, so that no ticket gets stuck there. */
export function onSiteRefusal(deskType: DeskType | null | undefined, facts: readonly Fact[]): DeskRefusal | null {
  if (!deskType || !sendsNobody(deskType)) return null
  const opened = facts.find((fact) => fact.type === 'elementActivated' && fact.attributes?.onSite === 'true')
  return opened?.type === 'elementActivated' ? onSite(opened.elementId, deskType) : null
}

/**
 * At which desks somebody works: those of his groups; whoever is in no desk's group works at the default one, so that nobody sees nothing.
 * (api/read/visibility.ts says the same in SQL.)
 */
export function desksOf(groups: readonly string[], desks: readonly Pick<Desk, 'id' | 'groupIds' | 'isDefault'>[]): string[] {
  const own = desks.filter(({ groupIds }) => groupIds.some((id) => groups.includes(id)))
  return (own.length > 0 ? own : desks.filter(({ isDefault }) => isDefault)).map(({ id }) => id)
}
