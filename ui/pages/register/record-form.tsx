import { Alert, Button, Group } from '@mantine/core'
import { IconUsersGroup } from '@tabler/icons-react'
import { type FormEvent, useMemo, useState } from 'react'
import type { Noun } from '#schema/noun'
import type { RecordView } from '#schema/record'
import { isProblem } from '../../client/http.ts'
import { getRecord, useSaveRecord, type Values } from '../../client/records.ts'
import { useText } from '../../i18n/index.ts'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'
import { FieldValue } from './field-value.tsx'
import { RecordField } from './record-field.tsx'

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

/** What a new record begins with: the fields' own defaults, then what the address gives. */
export const initialValues = (noun: Noun, given: Record<string, string>): Values => {
  const values: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(noun.fields)) {
    const preset = given[name]
    if (preset !== undefined) values[name] = field.kind === 'references' ? [preset] : preset
    else values[name] = field.initial ?? null
  }
  return values as Values
}

interface Conflict {
  theirs: RecordView
  fields: string[]
}

/** Somebody saved meanwhile: what he changed, beside what is typed here, which is kept. */
function ConflictNotice({ noun, conflict, onTake }: { noun: Noun; conflict: Conflict; onTake: () => void }) {
  const { t, locale } = useText()
  return (
    <Alert color="amber" icon={<IconUsersGroup size={18} />} title={t('register.conflict')} role="alert">
      <ul className="conflict-list">
        {conflict.fields.map((name) => {
          const field = noun.fields[name]
          return field ? (
            <li key={name}>
              <strong>{field.label[locale]}</strong>{' '}
              <FieldValue
                name={name}
                field={field}
                value={conflict.theirs.values[name]}
                names={conflict.theirs.names[name] ?? {}}
                isShort
              />
            </li>
          ) : null
        })}
      </ul>
      <Button size="xs" variant="light" color="amber" onClick={onTake}>
        {t('register.conflict.take')}
      </Button>
    </Alert>
  )
}

export interface RecordFormProps {
  noun: Noun
  /** Null: a new one. */
  record: RecordView | null
  initial: Values
  mayWrite: boolean
  onSaved: (record: RecordView) => void
}

/** The fields of a record, saved together; a refusal is shown at its field and nothing typed is lost. */
export function RecordForm({ noun, record, initial, mayWrite, onSaved }: RecordFormProps) {
  const { t } = useText()
  const [base, setBase] = useState(record)
  const [edits, setEdits] = useState<Values>({})
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [conflict, setConflict] = useState<Conflict | null>(null)
  const save = useSaveRecord(noun.path)
  const stored = base?.values ?? initial
  const values = useMemo(() => ({ ...stored, ...edits }), [stored, edits])
  const changed = Object.keys(edits).filter((name) => !same(edits[name], stored[name]))
  const isNew = base === null

  const refuse = async (error: unknown): Promise<void> => {
    if (isProblem(error) && error.code === 'recordConflict' && base) {
      const theirs = await getRecord(noun.path, base.id)
      setConflict({ theirs, fields: Object.keys(error.fieldErrors()) })
      return
    }
    if (isProblem(error)) setErrors(error.fieldErrors())
    notifyProblem(error, t)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setErrors({})
    const sent = isNew ? values : Object.fromEntries(changed.map((name) => [name, values[name] ?? null]))
    save.mutate(
      { id: base?.id ?? null, version: base?.version ?? 0, values: sent },
      {
        onSuccess: (saved) => {
          setBase(saved)
          setEdits({})
          notifyDone(t('register.saved'))
          onSaved(saved)
        },
        onError: (error) => void refuse(error),
      },
    )
  }
  const take = (): void => {
    if (conflict) setBase(conflict.theirs)
    setConflict(null)
  }
  return (
    <form onSubmit={submit} noValidate className="record-form">
      {conflict ? <ConflictNotice noun={noun} conflict={conflict} onTake={take} /> : null}
      <div className="record-fields">
        {Object.entries(noun.fields).map(([name, field]) => (
          <div key={name} className={field.kind === 'longText' || field.kind === 'references' ? 'record-field-wide' : undefined}>
            <RecordField
              name={name}
              field={field}
              value={values[name]}
              names={base?.names[name] ?? {}}
              error={errors[name] ?? null}
              isDisabled={!mayWrite || (field.isFixed === true && !isNew)}
              onChange={(value) => setEdits((now) => ({ ...now, [name]: value }))}
            />
          </div>
        ))}
      </div>
      {mayWrite ? (
        <Group justify="flex-end" mt="md">
          {!isNew && changed.length > 0 ? (
            <Button variant="default" onClick={() => setEdits({})}>
              {t('common.cancel')}
            </Button>
          ) : null}
          <Button type="submit" loading={save.isPending} disabled={(!isNew && changed.length === 0) || conflict !== null}>
            {isNew ? t('register.create') : t('common.save')}
          </Button>
        </Group>
      ) : null}
    </form>
  )
}
