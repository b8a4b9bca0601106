import { describe, expect, test } from 'vitest'
import type { Form } from '#schema/form'
import { checkForm, sentValues, startValues } from '../../ui/form/check-form.ts'
import { hiddenFields } from '../../ui/form/hide-conditions.ts'

const form: Form = {
  id: 'f',
  type: 'default',
  components: [
    { type: 'text', id: 'intro', label: '', text: 'Hello' },
    { type: 'textfield', id: 'c1', label: 'Title', key: 'title', validate: { required: true, minLength: 3, maxLength: 5 } },
    { type: 'textfield', id: 'c2', label: 'Code', key: 'code', validate: { pattern: '[A-Z]{2}\\d+' } },
    { type: 'number', id: 'c3', label: 'Count', key: 'count', validate: { min: 1, max: 9 } },
    { type: 'checkbox', id: 'c4', label: 'Agreed', key: 'agreed', validate: { required: true } },
    {
      type: 'radio',
      id: 'c5',
      label: 'Impact',
      key: 'impact',
      defaultValue: 3,
      values: [
        { label: 'High', value: 1 },
        { label: 'Low', value: 3 },
      ],
    },
    { type: 'textarea', id: 'c6', label: 'Why', key: 'why', validate: { required: true }, conditional: { hide: '=impact = 3' } },
    { type: 'filepicker', id: 'c7', label: 'Files', key: 'files' },
  ],
}
const good = { title: 'abc', code: null, count: null, agreed: true, impact: 3, why: 'x', files: [] }
const refused = (change: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(checkForm(form, { ...good, ...change } as never)).map(([key, refusal]) => [key, refusal.key]))

describe('checking a form', () => {
  test('accepts what is right', () => expect(refused({})).toEqual({}))
  test.each([
    ['a missing field', { title: '' }, { title: 'common.required' }],
    ['a short text', { title: 'ab' }, { title: 'form.minLength' }],
    ['a long text', { title: 'abcdef' }, { title: 'form.maxLength' }],
    ['a text that only starts like the pattern', { code: 'AB1 and more' }, { code: 'form.pattern' }],
    ['a small number', { count: 0 }, { count: 'form.min' }],
    ['a large number', { count: 10 }, { count: 'form.max' }],
    ['text for a number', { count: 'ten' }, { count: 'form.number' }],
    ['an unticked box that must be', { agreed: false }, { agreed: 'common.required' }],
    ['a choice of another type', { impact: '3' }, { impact: 'form.choice' }],
  ])('refuses %s', (_name, change, expected) => expect(refused(change)).toEqual(expected))
  test('zero is a value, not a blank', () => expect(refused({ count: 0 })).toEqual({ count: 'form.min' }))
  test('does not ask for what is hidden', () => expect(checkForm(form, { ...good, why: '' }, new Set(['c6']))).toEqual({}))
})

describe('conditions', () => {
  test('hides by FEEL', () => expect([...hiddenFields(form, { ...good, impact: 3 })]).toEqual(['c6']))
  test('shows when the condition no longer holds', () => expect([...hiddenFields(form, { ...good, impact: 1 })]).toEqual([]))
})

describe('values', () => {
  test('start from the given ones, then the defaults', () =>
    expect(startValues(form, { title: 'VPN' })).toEqual({
      title: 'VPN',
      code: null,
      count: null,
      agreed: false,
      impact: 3,
      why: null,
      files: [],
    }))
  test('hidden fields are not sent, blanks are null', () =>
    expect(sentValues(form, { ...good, code: '' }, new Set(['c6']))).toEqual({
      title: 'abc',
      code: null,
      count: null,
      agreed: true,
      impact: 3,
      files: [],
    }))
})
