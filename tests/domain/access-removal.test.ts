/** A removal that is overtaken by a new grant: what it has taken away is given back. */
import { describe, expect, it } from 'vitest'
import { compileProcess } from '../../workflows/engine/compile/index.ts'
import { Play } from '../engine/play.ts'
import { sourceOf } from './shipped-bundle.ts'

const given = {
  grantId: 'old',
  personId: 'emma',
  entitlementId: 'crm-user',
  connectorId: 'crm',
  groupId: 'applications',
  resource: 'CRM',
  role: 'user',
  reason: 'expired',
  isByHand: false,
}
async function removal(variables: Partial<typeof given> = {}): Promise<Play> {
  const model = async (file: string) => {
    const compiled = await compileProcess(sourceOf(`processes/${file}.bpmn`))
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics))
    return compiled.value
  }
  const run = new Play({ process: await model('access-removal'), called: { provisioning: await model('provisioning') }, decisions: {} })
  return run.send({ type: 'start', at: run.at, variables: { ...given, ...variables } })
}
const operations = (run: Play) =>
  run.facts.flatMap((fact) => (fact.type === 'jobRequested' && fact.elementId !== 'provision' ? [fact.elementId] : []))

describe('the removal of a right', () => {
  it('takes away, records and tells the holder', async () => {
    const run = (await removal())
      .finishJob('provision', { provisioned: 'system' })
      .finishJob('noteRevoked', { isGrantedAnew: false })
      .finishJob('tellHolder')
    expect([run.isEnded, operations(run)]).toEqual([true, ['noteRevoked', 'tellHolder']])
  })
  it('that comes too late gives back what it took away, and says that the right stands', async () => {
    const run = (await removal()).finishJob('provision', { provisioned: 'system' }).finishJob('noteRevoked', { isGrantedAnew: true })
    expect(run.effects).toContainEqual(
      expect.objectContaining({ type: 'runJob', input: expect.objectContaining({ operation: 'grantAccess' }) }),
    )
    run.finishJob('provision', { provisioned: 'system' }).finishJob('closeGiven')
    expect([run.isEnded, operations(run)]).toEqual([true, ['noteRevoked', 'closeGiven']])
  })
  it('that cannot give back records that the right is gone', async () => {
    const run = (await removal()).finishJob('provision', { provisioned: 'system' }).finishJob('noteRevoked', { isGrantedAnew: true })
    run.failJob('provision', 'PROVISION_FAILED').complete('decideFailure', { failureChoice: 'giveUp', failureNote: '' })
    run.finishJob('noteGone', { isGrantedAnew: false }).finishJob('tellHolder')
    expect([run.isEnded, operations(run)]).toEqual([true, ['noteRevoked', 'noteGone', 'tellHolder']])
  })
})
