import type { ConnectorKind as KindName } from '#schema/access'
import type { ConnectorKind } from './connector.ts'
import { manual } from './manual.ts'
import { simulate } from './simulate.ts'
import { webhook } from './webhook.ts'

/** How other systems are asked. A new kind is a file, a name in `ConnectorKind` (definitions/schema/access.ts), and the line that the compiler demands. */
export const connectorKinds = { manual, webhook, simulate } satisfies Record<KindName, ConnectorKind>
