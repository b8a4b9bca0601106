/** A rehearsal with the words that the tests use. */
import { Rehearsal } from '#domain/rehearsal'
import type { OpenTask, Variables } from '#engine/contract'
import { snapshot } from '#engine/advance'
import type { Fact, FactOf, FactType } from '#schema/fact'

export class DeskRun extends Rehearsal {
  get facts(): Fact[] {
    return this.record.map(({ fact }) => fact)
  }
  get status(): string {
    return this.desk.fields.status
  }
  get activeElements(): string[] {
    return snapshot(this.state)
      .active.filter((a) => a.elementId !== 'incident')
      .map((a) => a.elementId)
  }
  open(elementId: string): OpenTask {
    const task = this.task(elementId)
    if (!task)
      throw new Error(
        `expected an open task ${elementId}, found ${this.activeElements.join(', ')}; stalls: ${JSON.stringify(snapshot(this.state).stalls)}`,
      )
    return task
  }
  complete(elementId: string, variables: Variables): string | null {
    return this.put({ type: 'completeTask', waitId: this.open(elementId).waitId, variables })?.code ?? null
  }
  assign(elementId: string, assignee: string | null): string | null {
    return this.put({ type: 'assignTask', waitId: this.open(elementId).waitId, assignee })?.code ?? null
  }
  message(name: string, variables: Variables = {}): string | null {
    return this.put({ type: 'message', name, variables })?.code ?? null
  }
  of<T extends FactType>(...types: T[]): FactOf<T>[] {
    return this.facts.filter((fact): fact is FactOf<T> => (types as FactType[]).includes(fact.type))
  }
  /** A field's history, such as `new > assigned > resolved`. */
  history(field: string): string {
    const changes = this.of('ticketChanged').filter((fact) => fact.field === field)
    return changes.length === 0 ? '' : [changes[0]?.from, ...changes.map((change) => change.to)].map(String).join(' > ')
  }
  /** Templates sent, with whom to. */
  get sent(): string[] {
    return this.jobs.filter((job) => job.headers.template).map((job) => `${job.headers.template} to ${job.headers.to}`)
  }
}
