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
      ],
    },
    {
      name: 'ProcessAttributes',
      extends: ['bpmn:Process'],
      properties: [
        { name: 'ticketKind', isAttr: true, type: 'String' },
        { name: 'slaPolicies', isAttr: true, type: 'String' },
        { name: 'timeZone', isAttr: true, type: 'String' },
      ],
    },
  ],
} as const

/** Names of the attributes that a flow node or process may carry; any other guichet: attribute is refused. */
export const guichetAttributes: Record<string, readonly string[]> = {
  flowNode: ['status', 'owner', 'milestone'],
  process: ['ticketKind', 'slaPolicies', 'timeZone'],
}
