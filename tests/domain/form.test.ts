import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { askedValues, validateForm } from '#domain/form'
import { Form } from '#schema/form'

const load = (id: string) => Form.parse(JSON.parse(readFileSync(new URL(`../../definitions/forms/${id}.form`, import.meta.url), 'utf8')))
const triage = load('incident-triage')
const report = load('incident-report')
const good = { impact: 2, urgency: 1, category: 'vpn', triageOutcome: 'diagnose' }
const codes = (form: Form, values: Parameters<typeof validateForm>[1]) => validateForm(form, values).map((p) => `${p.path}: ${p.code}`)

describe('a form', () => {
  it('takes good values', () => expect(validateForm(triage, good)).toEqual([]))
  it('names the unknown field', () => expect(codes(triage, { ...good, colour: 'red' })).toEqual(['colour: unknownField']))
  it('asks for what is required', () =>
    expect(codes(triage, { triageOutcome: 'diagnose' })).toEqual(['impact: required', 'urgency: required', 'category: required']))
  it('wants a value of the list', () => expect(codes(triage, { ...good, impact: 9 })).toEqual(['impact: notInList']))
  it('wants the right type', () =>
    expect(codes(report, { title: 7, description: ['x'] })).toEqual(['title: wrongType', 'description: wrongType']))
  it('keeps limits', () =>
    expect(codes(report, { title: 'ab', description: 'x'.repeat(20_001) })).toEqual(['title: tooShort', 'description: tooLong']))
  it('blank text does not satisfy a minimum', () => expect(codes(report, { title: '    ', description: 'x' })).toEqual(['title: tooShort']))
  it('asks for the question only when one is asked', () =>
    expect(codes(triage, { ...good, triageOutcome: 'needInformation' })).toEqual(['question: required', 'pendingReason: required']))
  it('asks for the resolution only when it is resolved', () =>
    expect(codes(triage, { ...good, triageOutcome: 'resolve' })).toEqual(['resolutionCode: required', 'resolution: required']))
  it('takes file ids', () => {
    expect(codes(report, { title: 'Printer', description: 'x', attachments: ['a', 'b'] })).toEqual([])
    expect(codes(report, { title: 'Printer', description: 'x', attachments: 'a' })).toEqual(['attachments: wrongType'])
  })
  it('leaves hidden values out', () => expect(askedValues(triage, { ...good, question: 'left over', groupId: 'network' })).toEqual(good))
  it('says it in French, with the label and the remedy', () =>
    expect(validateForm(report, { description: 'x' }, { locale: 'fr' })).toEqual([
      { path: 'title', code: 'required', message: '« Que se passe-t-il ? » manque.', remedy: 'Remplissez ce champ.' },
    ]))
})
