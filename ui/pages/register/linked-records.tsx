import { ActionIcon, Anchor, Badge, Text, Tooltip } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Noun } from '#schema/noun'
import { nounList } from '#schema/nouns'
import { useRecords } from '../../client/records.ts'
import { hasRole, usePerson } from '../../client/session.ts'
import { useText } from '../../i18n/index.ts'
import { Panel } from '../../templates/page.tsx'
import { FieldValue } from './field-value.tsx'

interface LinkTo {
  noun: Noun
  field: string
}
/** Nouns that may refer to this one, each with the field that does. */
const linksTo = (nounId: string): LinkTo[] =>
  nounList.flatMap((noun) =>
    noun.filters
      .filter((field) => noun.fields[field]?.refersTo === nounId && !noun.fields[field]?.through)
      .map((field) => ({ noun, field })),
  )

/** Linked records shown beside the record; the list has the rest. */
const shown = 8

function Linked({ link: { noun, field }, id }: { link: LinkTo; id: string }) {
  const { t, locale } = useText()
  const person = usePerson()
  const { data } = useRecords(noun.path, { [field]: id, limit: shown })
  const mayRead = hasRole(person, ...noun.readers)
  const mayWrite = hasRole(person, ...noun.writers)
  const total = data?.pages[0]?.total ?? 0
  const items = data?.pages[0]?.items ?? []
  if (!mayRead || (total === 0 && !mayWrite)) return null
  const declared = noun.fields[field]
  const status = noun.fields.status ? 'status' : undefined
  return (
    <Panel
      title={
        <span>
          {noun.many[locale]}{' '}
          <Text span size="sm" c="dimmed" fw={400}>
            {declared && declared.label[locale].toLowerCase() !== noun.many[locale].toLowerCase()
              ? declared.label[locale].toLowerCase()
              : ''}
          </Text>
        </span>
      }
      aside={
        mayWrite ? (
          <Tooltip label={t('register.add', { noun: noun.one[locale] })}>
            <ActionIcon
              component={Link}
              to="/register/$path/$id"
              params={{ path: noun.path, id: 'new' } as never}
              search={{ [field]: id } as never}
              variant="subtle"
              aria-label={t('register.add', { noun: noun.one[locale] })}
            >
              <IconPlus size={17} />
            </ActionIcon>
          </Tooltip>
        ) : null
      }
    >
      {items.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('common.none')}
        </Text>
      ) : (
        <ul className="linked">
          {items.map((record) => (
            <li key={record.id}>
              <Anchor component={Link} to="/register/$path/$id" params={{ path: noun.path, id: record.id } as never} size="sm">
                {record.title}
              </Anchor>
              {status && status !== field && noun.fields[status] ? (
                <span className="linked-status">
                  <FieldValue
                    name={status}
                    field={noun.fields[status]}
                    value={record.values[status]}
                    names={record.names[status] ?? {}}
                    isShort
                  />
                </span>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {total > items.length ? (
        <Anchor
          component={Link}
          to="/register/$path"
          params={{ path: noun.path } as never}
          search={{ [field]: id } as never}
          size="sm"
          mt={8}
          display="block"
        >
          {t('register.all')} <Badge variant="light">{total}</Badge>
        </Anchor>
      ) : null}
    </Panel>
  )
}

export const LinkedRecords = ({ noun, id }: { noun: Noun; id: string }) => (
  <>
    {linksTo(noun.id).map((link) => (
      <Linked key={`${link.noun.id}/${link.field}`} link={link} id={id} />
    ))}
  </>
)
