/** The reader's metamodel of DMN 1.3, with the boxed expressions that DMN 1.4 added. */
import dmn13 from 'dmn-moddle/resources/dmn/json/dmn13.json' with { type: 'json' }

const place = (name: string) => ({ name, type: 'ChildExpression', xml: { serialize: 'property' } })
const variable = { name: 'iteratorVariable', type: 'String', isAttr: true }
const expression = (name: string, properties: unknown[]) => ({ name, superClass: ['Expression'], properties })

export const dmnMetamodel = {
  ...dmn13,
  types: [
    ...dmn13.types,
    { name: 'ChildExpression', properties: [{ name: 'expression', type: 'Expression' }] },
    expression('Conditional', [place('if'), place('then'), place('else')]),
    expression('Filter', [place('in'), place('match')]),
    expression('For', [variable, place('in'), place('return')]),
    expression('Some', [variable, place('in'), place('satisfies')]),
    expression('Every', [variable, place('in'), place('satisfies')]),
  ],
}
