import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Desk, DeskType } from '../../definitions/schema/desk.ts'
import { ChannelId, TicketKind } from '../../definitions/schema/ticket.ts'
import { ciRefusal, desksOf, deskTypes, onSiteRefusal, onSiteTaskRefusal, openingRefusal } from '../../workflows/domain/desk-type.ts'

const desk = (type: DeskType, change: Partial<Desk> = {}): Desk => ({
  id: type.toLowerCase(),
  type,
  name: { fr: type, en: type },
  isDefault: false,
  isActive: true,
  channels: [],
  kinds: [],
  groupIds: [],
  mailAddresses: [],
  phoneNumbers: [],
  calendarId: null,
  ...change,
})
type Opening = Parameters<typeof openingRefusal>[1]
const refusalOf = (type: DeskType, opening: Partial<Opening>, change: Partial<Desk> = {}) =>
  openingRefusal(desk(type, change), { kind: 'incident', channel: 'phone', values: {}, ...opening })?.code ?? null

describe('what a desk refuses', () => {
  it.each<[string, DeskType, Partial<Opening>, Partial<Desk>, string | null]>([
    ['customer support has no change', 'customerSupport', { kind: 'change' }, {}, 'kindNotOfDeskType'],
    ['nor a configuration item', 'customerSupport', { values: { ciId: 'srv-1' } }, {}, 'ciNotOfDesk'],
    ['but takes a customer’s request', 'customerSupport', { kind: 'request', channel: 'mail' }, {}, null],
    ['a call centre has no change', 'callCentre', { kind: 'change' }, {}, 'kindNotOfDeskType'],
    ['no problem', 'callCentre', { kind: 'problem' }, {}, 'kindNotOfDeskType'],
    ['and no counter', 'callCentre', { channel: 'walkIn' }, {}, 'channelNotOfDeskType'],
    [
      'the IT service desk takes a change on a configuration item at the counter',
      'itServiceDesk',
      { kind: 'change', channel: 'walkIn', values: { ciId: 'srv-1' } },
      {},
      null,
    ],
    ['what the desk is not set up for', 'itServiceDesk', { kind: 'change' }, { kinds: ['incident'] }, 'kindNotOfDesk'],
    ['a channel that it does not offer', 'itServiceDesk', { channel: 'social' }, { channels: ['phone'] }, 'channelNotOfDesk'],
    ['history comes by no channel', 'callCentre', { channel: 'import' }, { channels: ['phone'] }, null],
    ['everything, when it is closed', 'itServiceDesk', {}, { isActive: false }, 'deskInactive'],
  ])('%s', (_name, type, opening, change, expected) => expect(refusalOf(type, opening, change)).toBe(expected))

  it('configuration cannot widen what the type excludes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...DeskType.options),
        fc.constantFrom(...TicketKind.options),
        fc.constantFrom(...ChannelId.exclude(['import']).options),
        (type, kind, channel) => {
          const code = refusalOf(type, { kind, channel }, { kinds: [...TicketKind.options], channels: [...ChannelId.options] })
          const { excludedKinds, excludedChannels } = deskTypes[type]
          expect(code === null).toBe(!excludedKinds.includes(kind) && !excludedChannels.includes(channel))
        },
      ),
    )
  })

  it('an on-site task, in a call centre only', () => {
    const facts = [
      {
        type: 'elementActivated' as const,
        at: 0,
        elementId: 'visit',
        key: 'e1',
        elementType: 'userTask',
        parentKey: null,
        attributes: { onSite: 'true' },
      },
    ]
    const refused = DeskType.options.filter((type) => onSiteRefusal(type, facts) !== null)
    expect(refused).toEqual(['callCentre'])
    expect(onSiteTaskRefusal('callCentre', { elementId: 'visit', attributes: { onSite: 'true' } })?.code).toBe('onSiteNotOfDesk')
    expect(onSiteTaskRefusal('callCentre', { elementId: 'answer' })).toBe(null)
    expect(onSiteRefusal(null, facts)).toBe(null)
  })

  it('a configuration item is taken off without a word', () => {
    for (const ciId of [null, '', undefined]) expect(ciRefusal('customerSupport', ciId === undefined ? {} : { ciId })).toBe(null)
  })
})

describe('where an agent works', () => {
  const desks = [
    desk('itServiceDesk', { isDefault: true, groupIds: ['service-desk'] }),
    desk('customerSupport', { groupIds: ['customer-support'] }),
    desk('callCentre', { groupIds: ['call-centre', 'customer-support'] }),
  ]
  it.each([
    [['service-desk'], ['itservicedesk']],
    [['customer-support'], ['customersupport', 'callcentre']],
    [
      ['service-desk', 'call-centre'],
      ['itservicedesk', 'callcentre'],
    ],
    [['a-new-group'], ['itservicedesk']],
    [[], ['itservicedesk']],
  ])('%j: %j', (groups, expected) => expect(desksOf(groups, desks)).toEqual(expected))
})
