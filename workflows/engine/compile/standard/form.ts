/** Ids, media types, languages and imports (BPMN 2.0 clauses 8.1, 8.2, 8.3, 10.3). */
import { list, type Node, text } from '../moddle.ts'
import { isExecutable, type Report } from './tree.ts'

const MEDIA_TYPE = /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+(\s*;.*)?$/i
const URI = /^[a-z][a-z0-9+.-]*:\S+$/i
/** What others refer to: an id is required (clause 8.2.1). */
const REFERRED = ['bpmn:FlowElement', 'bpmn:RootElement', 'bpmn:Participant', 'bpmn:Artifact', 'bpmn:DataInput', 'bpmn:DataOutput']

export function checkForm(node: Node, report: Report): void {
  if (REFERRED.some((type) => node.$instanceOf(type)) && !node.$instanceOf('bpmn:EventDefinition') && node.id === undefined)
    report(node, 'missingId', `a ${node.$type} that others may refer to needs an id`)
  checkMedia(node, report)
  checkLanguages(node, report)
  for (const imported of node.$type === 'bpmn:Definitions' ? list(node, 'imports') : [])
    report(node, 'unresolvedImport', `${text(imported, 'location') ?? 'an import without location'} cannot be read: bring all in one file`)
  if (node.$type === 'bpmn:Process' && node.get('isExecutable') === true && /^public$/i.test(text(node, 'processType') ?? ''))
    report(node, 'publicExecutable', 'a public process is a view for others: only a private one is executable')
}

function checkMedia(node: Node, report: Report): void {
  const isText = node.$type === 'bpmn:Documentation' || node.$type === 'bpmn:TextAnnotation'
  const isScript = node.$type === 'bpmn:ScriptTask'
  const format = isText ? text(node, 'textFormat') : isScript ? text(node, 'scriptFormat') : undefined
  if (format !== undefined && !MEDIA_TYPE.test(format)) report(node, 'mediaType', `${format} is not a media type such as text/plain`)
  if (isScript && text(node, 'script') !== undefined && format === undefined)
    report(node, 'mediaType', 'a script needs its format, a media type')
}

/** Clause 8.3.6: the language of a formal expression is a URI; what is to run is formal. */
function checkLanguages(node: Node, report: Report): void {
  const names =
    node.$type === 'bpmn:Definitions'
      ? ['expressionLanguage', 'typeLanguage']
      : node.$instanceOf('bpmn:FormalExpression')
        ? ['language']
        : node.$type === 'bpmn:GlobalScriptTask'
          ? ['scriptLanguage']
          : []
  for (const name of names) {
    const language = text(node, name)
    if (language !== undefined && !URI.test(language)) report(node, 'languageUri', `the language ${language} is not a URI`)
  }
  if (node.$type === 'bpmn:Expression' && isExecutable(node) && node.$parent?.$instanceOf('bpmn:ConditionalEventDefinition'))
    report(node, 'informalExpression', 'an executable process needs a formal expression here, not natural language')
}
