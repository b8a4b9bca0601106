import { Badge, Button, Group, Text } from '@mantine/core'
import { IconRepeat } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { RecurrenceRuleView } from '#schema/recurrence'
import { useRecurrenceRules, useSaveRecurrenceRule } from '../../client/problems.ts'
import { hasRole, usePerson } from '../../client/session.ts'
import { useText } from '../../i18n/index.ts'
import { DialogListPage } from '../../templates/dialog-list-page.tsx'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'
import { RuleForm } from './rule-form.tsx'
import './problems.css'

function Row({ rule, onEdit }: { rule: RecurrenceRuleView; onEdit: (() => void) | null }) {
  const { t, locale } = useText()
  const save = useSaveRecurrenceRule()
  const { openProposals, ...draft } = rule
  const toggle = (): void =>
    save.mutate(
      { ...draft, isActive: !rule.isActive },
      {
        onSuccess: () => notifyDone(t(rule.isActive ? 'rules.switchedOff' : 'rules.switchedOn'), rule.name[locale]),
        onError: (error) => notifyProblem(error, t),
      },
    )
  return (
    <li>
      <Group justify="space-between" align="flex-start" gap="xs">
        <div>
          <Text fw={600}>{rule.name[locale]}</Text>
          <Text size="sm" c="dimmed">
            {t('rules.words', { field: t(`rules.field.${rule.field}`), least: rule.least, days: rule.days })}
            {openProposals > 0 ? ` · ${t('rules.open', { count: openProposals })}` : ''}
          </Text>
        </div>
        <Badge variant="light" color={rule.isActive ? 'moss' : 'gray'}>
          {t(rule.isActive ? 'rules.state.on' : 'rules.state.off')}
        </Badge>
      </Group>
      {onEdit ? (
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={onEdit}>
            {t('rules.edit')}
          </Button>
          <Button size="xs" variant="subtle" color={rule.isActive ? 'coral' : 'petrol'} loading={save.isPending} onClick={toggle}>
            {t(rule.isActive ? 'rules.switchOff' : 'rules.switchOn')}
          </Button>
        </Group>
      ) : null}
    </li>
  )
}

/** What makes the desk propose problems: rules over the incidents of one kind, tried on the past before they are saved. */
export function RulesPage() {
  const { t, locale } = useText()
  const list = useRecurrenceRules()
  const mayManage = hasRole(usePerson(), 'processOwner', 'administrator')
  return (
    <DialogListPage<RecurrenceRuleView, RecurrenceRuleView | null>
      title={t('rules.title')}
      lead={t('rules.lead')}
      width="reading"
      crumbs={<Link to="/problems">{t('problems.title')}</Link>}
      list={list}
      empty={{ icon: <IconRepeat size={26} stroke={1.5} />, title: t('rules.empty'), hint: t('rules.empty.hint') }}
      add={mayManage ? { label: t('rules.add'), dialog: null } : null}
      dialogOf={(rule, close) => ({
        title: rule?.name[locale] ?? t('rules.add'),
        size: 'xl',
        body: <RuleForm rule={rule} onDone={close} />,
      })}
      isInPanel
    >
      {(rules, open) => (
        <ul className="plain-list known-list">
          {rules.map((rule) => (
            <Row key={rule.id} rule={rule} onEdit={mayManage ? () => open(rule) : null} />
          ))}
        </ul>
      )}
    </DialogListPage>
  )
}
