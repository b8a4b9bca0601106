/** What the compilation of one process collects: diagnostics, references, and the reading of expressions. */
import type { Diagnostic, Json } from '../contract.ts'
import { checkExpression } from '../expression.ts'
import type { Expression } from '../model.ts'

/** Constraints of the standard that other engines do not hold their models to: warnings in an imported file. */
const LENIENT = new Set([
  'conditionNotAllowed',
  'conditionOnEvent',
  'compensationTarget',
  'eventGateway',
  'gatewayDirection',
  'handlerNotAssociated',
  'linkSource',
  'missingCondition',
  'missingEscalationCode',
  'noOutgoing',
])

/** Harmless to a run, and usual while a process is drawn: errors only where a file is held to the letter of the standard. */
const WARNED = new Set(['notReachable'])

export class CompileContext {
  private readonly isImported: boolean
  private readonly isStrict: boolean
  readonly diagnostics: Diagnostic[] = []
  readonly references = {
    processes: new Set<string>(),
    decisions: new Set<string>(),
    forms: new Set<string>(),
    jobTypes: new Set<string>(),
  }

  constructor(isImported = false, isStrict = false) {
    this.isImported = isImported
    this.isStrict = isStrict
  }

  error(elementId: string, code: string, message: string, params?: Record<string, string>): void {
    if ((this.isImported && LENIENT.has(code)) || (!this.isStrict && WARNED.has(code))) {
      this.warn(elementId, code, message, params)
      return
    }
    this.diagnostics.push({ elementId, severity: 'error', code, message, ...(params ? { params } : {}) })
  }

  warn(elementId: string, code: string, message: string, params?: Record<string, string>): void {
    this.diagnostics.push({ elementId, severity: 'warning', code, message, ...(params ? { params } : {}) })
  }

  /** `=` starts a FEEL expression; anything else is a constant (Camunda 8's rule). */
  value(elementId: string, what: string, source: string): Expression {
    return source.startsWith('=') ? this.feel(elementId, what, source.slice(1)) : { literal: source as Json }
  }

  /** A FEEL expression, with or without its `=`. */
  feel(elementId: string, what: string, source: string): Expression {
    const feel = (source.startsWith('=') ? source.slice(1) : source).trim()
    const mistake = checkExpression(feel)
    if (mistake) {
      this.error(elementId, 'feelSyntax', `${what} is not valid FEEL: ${mistake.message} at character ${mistake.offset + 1} of "${feel}"`, {
        what,
        expression: feel,
        reason: mistake.message,
        offset: String(mistake.offset + 1),
      })
    }
    return { feel }
  }
}
