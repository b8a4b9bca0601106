import { describe, expect, it } from 'vitest'
import { type Entitlement, type Installed, licencePosition, renewalProposal } from '#domain/licence-position'

const right = (change: Partial<Entitlement> = {}): Entitlement => ({ metric: 'user', seats: 2, reclaimAfterDays: 90, ...change })
const on = (id: string, change: Partial<Installed> = {}): Installed => ({
  id,
  personId: `person-${id}`,
  ciId: null,
  installedOn: '2026-01-01',
  lastUsedOn: '2026-05-20',
  status: 'active',
  ...change,
})
const position = (entitlement: Partial<Entitlement>, ...installed: Installed[]) =>
  licencePosition(right(entitlement), installed, '2026-06-01')

describe('licencePosition', () => {
  it.each<[string, Partial<Entitlement>, Installed[], unknown]>([
    ['room left', {}, [on('a')], { used: 1, free: 1, state: 'ok' }],
    ['all taken', {}, [on('a'), on('b')], { used: 2, free: 0, state: 'full' }],
    ['beyond what was bought', {}, [on('a'), on('b'), on('c')], { used: 3, free: -1, state: 'over' }],
    ['what was removed does not count', { seats: 1 }, [on('a'), on('b', { status: 'removed' })], { used: 1, free: 0, state: 'full' }],
    [
      'a user on two machines is one user',
      {},
      [on('a', { personId: 'mei', ciId: 'pc1' }), on('b', { personId: 'mei', ciId: 'pc2' })],
      { used: 1 },
    ],
    ['a machine of two users is one machine', { metric: 'device' }, [on('a', { ciId: 'pc1' }), on('b', { ciId: 'pc1' })], { used: 1 }],
    ['a site licence is never over', { metric: 'site', seats: 0 }, [on('a'), on('b')], { used: 2, free: null, state: 'ok' }],
    ['nothing bought, nothing used', { seats: 0 }, [], { used: 0, free: 0, state: 'full' }],
  ])('%s', (_name, entitlement, installed, expected) => expect(position(entitlement, ...installed)).toMatchObject(expected as object))

  it.each<[string, Partial<Installed>, boolean]>([
    ['used 90 days ago', { lastUsedOn: '2026-03-03' }, false],
    ['used 91 days ago', { lastUsedOn: '2026-03-02' }, true],
    ['never used, installed long ago', { lastUsedOn: null }, true],
    ['never used, installed lately', { lastUsedOn: null, installedOn: '2026-05-01' }, false],
    ['asked for already', { lastUsedOn: null, status: 'reclaimRequested' }, false],
    ['kept lately', { lastUsedOn: null, status: 'kept', reviewedOn: '2026-05-01' }, false],
    ['kept long ago: asked again', { lastUsedOn: null, status: 'kept', reviewedOn: '2026-02-01' }, true],
  ])('%s: to be reclaimed %s', (_name, change, isReclaimed) =>
    expect(position({}, on('a', change)).unused).toEqual(isReclaimed ? ['a'] : []),
  )
  it('nothing is reclaimed without a span', () =>
    expect(position({ reclaimAfterDays: null }, on('a', { lastUsedOn: null })).unused).toEqual([]))
})

describe('renewalProposal', () => {
  const propose = (change: Partial<Entitlement>, ...installed: Installed[]) =>
    renewalProposal({ ...right({ seats: 4, ...change }), annualCost: 400 }, installed, '2026-06-01')
  it.each<[string, Partial<Entitlement>, Installed[], unknown]>([
    ['all used: as it is', { seats: 2 }, [on('a'), on('b')], { decision: 'renew', seats: 2, saving: 0 }],
    ['half used: as many as are used', {}, [on('a'), on('b')], { inUse: 2, decision: 'reduce', seats: 2, saving: 200 }],
    ['used by nobody lately: none', {}, [on('a', { lastUsedOn: '2026-01-05' })], { inUse: 0, decision: 'end', saving: 400 }],
    ['kept with a reason counts', {}, [on('a', { lastUsedOn: null, status: 'kept', reviewedOn: '2026-05-01' })], { inUse: 1, seats: 1 }],
    ['asked about does not', {}, [on('a', { status: 'reclaimRequested' })], { inUse: 0, decision: 'end' }],
    ['never more than was bought', { seats: 1 }, [on('a'), on('b')], { inUse: 2, decision: 'renew', seats: 1, saving: 0 }],
    ['without a span, three months count', { reclaimAfterDays: null }, [on('a', { lastUsedOn: '2026-03-02' })], { inUse: 0 }],
    ['a site licence is not counted', { metric: 'site', seats: 0 }, [on('a')], { decision: 'renew', seats: 0, saving: 0 }],
  ])('%s', (_name, entitlement, installed, expected) => expect(propose(entitlement, ...installed)).toMatchObject(expected as object))
})
