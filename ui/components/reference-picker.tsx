import { Select, type SelectProps } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useItemChoices } from '../client/records.ts'
import { useText } from '../i18n/index.ts'

/** One configuration item, searched while one types; what is chosen keeps its name. */
export function ItemPicker({
  value,
  itemName,
  onPick,
  ...select
}: Omit<SelectProps, 'data' | 'value' | 'onChange'> & {
  value: string | null
  itemName: string | null
  onPick: (value: string | null) => void
}) {
  const { t } = useText()
  const [typed, setTyped] = useState('')
  const [isOpen, setOpen] = useState(false)
  const [q] = useDebouncedValue(typed.trim(), 200)
  const found = useItemChoices(q === itemName ? '' : q, isOpen || (value !== null && itemName === null)).data ?? []
  const kept = value === null || found.some((choice) => choice.value === value) ? [] : [{ value, label: itemName ?? value }]
  return (
    <Select
      {...select}
      data={[...kept, ...found]}
      value={value}
      searchable
      clearable
      onDropdownOpen={() => setOpen(true)}
      onSearchChange={setTyped}
      filter={({ options }) => options}
      nothingFoundMessage={t('palette.empty')}
      comboboxProps={{ shadow: 'md' }}
      onChange={(next) => (next === value ? undefined : onPick(next))}
    />
  )
}
