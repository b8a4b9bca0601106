import { Badge, Button, Group, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ContactRow } from '../../client/desks.ts'
import { useText } from '../../i18n/index.ts'
import { TableScroll } from '../../templates/table-scroll.tsx'

const colors: Record<string, string> = { open: 'amber', answered: 'moss', ticket: 'petrol', abandoned: 'coral' }

/** How long the person waited until somebody answered, or gave up. */
function waited({ offeredAt, answeredAt, abandonedAt }: ContactRow): number | null {
  const until = answeredAt ?? abandonedAt
  return offeredAt && until ? Math.max(0, Math.round((Date.parse(until) - Date.parse(offeredAt)) / 1_000)) : null
}

interface Props {
  contacts: ContactRow[]
  label: string
  /** Absent: the list is only read. */
  onWrapUp?: (contact: ContactRow) => void
}

/** Contacts of every channel, newest first. */
export function ContactTable({ contacts, label, onWrapUp }: Props) {
  const { t, tOr, locale, dateTime } = useText()
  return (
    <TableScroll label={label}>
      <table className="g-table contact-table">
        <thead>
          <tr>
            <th scope="col">{t('interactions.when')}</th>
            <th scope="col">{t('interactions.channel')}</th>
            <th scope="col">{t('interactions.who')}</th>
            <th scope="col">{t('interactions.subject')}</th>
            <th scope="col">{t('interactions.agent')}</th>
            <th scope="col">{t('interactions.wait')}</th>
            <th scope="col">{t('interactions.state')}</th>
          </tr>
        </thead>
        <tbody>
          {contacts.map((contact) => (
            <tr key={contact.id}>
              <td className="num contact-when">{dateTime(contact.at)}</td>
              <td>
                {t(`channel.${contact.channel}`)}
                {contact.desk ? (
                  <Text size="xs" c="dimmed">
                    {contact.desk.name[locale]}
                  </Text>
                ) : null}
              </td>
              <td>
                {contact.person ? (
                  <Link to="/people/$id/contacts" params={{ id: contact.person.id }}>
                    {contact.person.name}
                  </Link>
                ) : (
                  <Text size="sm" c="dimmed">
                    {contact.address ?? t('interactions.unknown')}
                  </Text>
                )}
              </td>
              <td className="contact-subject">
                {contact.visitNumber ? <strong className="mono">{contact.visitNumber} </strong> : null}
                {contact.subject}
              </td>
              <td>{contact.agent?.name ?? ''}</td>
              <td className="num">{waited(contact) === null ? '' : `${waited(contact)} s`}</td>
              <td>
                <Group gap={6} wrap="nowrap">
                  {contact.number ? (
                    <Link to="/tickets/$id" params={{ id: contact.number }} className="mono">
                      {contact.number}
                    </Link>
                  ) : (
                    <Badge color={colors[contact.disposition] ?? 'gray'} variant="light">
                      {tOr(contact.outcome ? `outcome.${contact.outcome}` : `disposition.${contact.disposition}`, contact.disposition)}
                    </Badge>
                  )}
                  {onWrapUp && contact.disposition === 'open' ? (
                    <Button size="compact-xs" variant="default" onClick={() => onWrapUp(contact)}>
                      {t('contact.wrapUp')}
                    </Button>
                  ) : null}
                </Group>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  )
}
