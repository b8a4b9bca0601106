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

/** The hours by which the process counts its days: those of its first promise. Undefined where it promises nothing. */
export const workingCalendar = ({ policies, calendars }: Pick<Bundle, 'policies' | 'calendars'>): Calendar | undefined =>
  calendars[policies[0]?.clocks[0]?.calendarId ?? ''] ?? Object.values(calendars)[0]
