import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { usePeople } from '../client/administration.ts'

interface Props {
  label: string
  hint?: string
  value: string | null
  /** Shown before anything is typed. */
  known?: { id: string; name: string } | null
  error?: string | null
  isRequired?: boolean
  onPick: (id: string | null) => void
}

/** A person, found by name, address or telephone number. */
export function PersonSelect({ label, hint, value, known, error, isRequired = false, onPick }: Props) {
  const [typed, setTyped] = useState(known?.name ?? '')
  const [q] = useDebouncedValue(typed.trim(), 200)
  const people = usePeople(q).data ?? []
  const found = people.map(({ id, name, email }) => ({ value: id, label: `${name} · ${email}` }))
  const data = known && !found.some((each) => each.value === known.id) ? [{ value: known.id, label: known.name }, ...found] : found
  return (
    <Select
      label={label}
      {...(hint ? { placeholder: hint } : {})}
      required={isRequired}
      searchable
      clearable
      data={data}
      filter={({ options }) => options}
      value={value}
      error={error}
      searchValue={typed}
      onSearchChange={setTyped}
      onChange={onPick}
    />
  )
}
