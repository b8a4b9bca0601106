/** Everything that an instance runs by, pinned together and content-addressed: a later edit reaches later instances only. */
import type { Program } from '#engine/model'
import type { Calendar } from '#schema/calendar'
import type { Form } from '#schema/form'
import type { SlaPolicy } from '#schema/sla'

export interface Bundle extends Program {
  forms: Record<string, Form>
  policies: SlaPolicy[]
  calendars: Record<string, Calendar>
}
