/** The guichet: namespace: what ITSM adds to a diagram. For moddle, here and in the editor. */
export const guichetDescriptor = {
  name: 'Guichet',
  uri: 'http://guichet.dev/schema/1.0',
  prefix: 'guichet',
  xml: { tagAlias: 'lowerCase' },
  associations: [],
  types: [
    {
      name: 'FlowNodeAttributes',
      extends: ['bpmn:FlowNode'],
      properties: [
        { name: 'status', isAttr: true, type: 'String' },
        { name: 'owner', isAttr: true, type: 'String' },
        { name: 'milestone', isAttr: true, type: 'String' },
        { name: 'nameEn', isAttr: true, type: 'String' },
        { name: 'assignment', isAttr: true, type: 'String' },
        { name: 'dueVariable', isAttr: true, type: 'String' },
        { name: 'dueBusinessDays', isAttr: true, type: 'String' },
        { name: 'calendar', isAttr: true, type: 'String' },
        { name: 'approval', isAttr: true, type: 'String' },
        { name: 'onSite', isAttr: true, type: 'String' },
        { name: 'adHocStart', isAttr: true, type: 'String' },
      ],
    },
    { name: 'SequenceFlowAttributes', extends: ['bpmn:SequenceFlow'], properties: [{ name: 'nameEn', isAttr: true, type: 'String' }] },
    {
      name: 'ProcessAttributes',
      extends: ['bpmn:Process'],
      properties: [
        { name: 'ticketKind', isAttr: true, type: 'String' },
        { name: 'slaPolicies', isAttr: true, type: 'String' },
        { name: 'timeZone', isAttr: true, type: 'String' },
        { name: 'numberPrefix', isAttr: true, type: 'String' },
        { name: 'nameEn', isAttr: true, type: 'String' },
      ],
    },
  ],
} as const

/** Names of the attributes that go into the model, hence out on facts. `nameEn` (the English label) is the diagram's alone. */
export const guichetAttributes: Record<string, readonly string[]> = {
  flowNode: ['status', 'owner', 'milestone', 'assignment', 'dueVariable', 'dueBusinessDays', 'calendar', 'approval', 'onSite'],
  process: ['ticketKind', 'slaPolicies', 'timeZone', 'numberPrefix'],
}
