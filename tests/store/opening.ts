import type { Fact } from '#schema/fact'

/** The first fact of a ticket: Camille's printer. */
export const opened = (ticketId: string, number = 'INC-000001'): Fact => ({
  type: 'ticketOpened',
  at: Date.UTC(2026, 0, 5, 9),
  opening: {
    ticketId,
    number,
    kind: 'incident',
    channel: 'portal',
    interactionId: null,
    openedById: 'camille',
    fields: { title: 'Imprimante en panne', requesterId: 'camille' },
    extra: { floor: 3 },
  },
})
