import { Button, Modal, type ModalProps } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { useText } from '../i18n/index.ts'
import { ListPage, type ListPageProps } from './list-page.tsx'
import { type ListQuery, ListStates } from './list-states.tsx'
import type { EmptyStateProps } from './states.tsx'

export interface DialogContent {
  title: ReactNode
  size?: Exclude<ModalProps['size'], undefined>
  body: ReactNode
}

interface DialogListPageProps<Item, Dialog> extends Omit<ListPageProps, 'children'> {
  list: ListQuery<Item>
  empty: EmptyStateProps
  /** The button that adds one; absent for whoever may not. */
  add?: { label: string; dialog: Dialog } | null
  /** What stands in the dialog; `close` when it is done. */
  dialogOf: (dialog: Dialog, close: () => void) => DialogContent
  /** The list takes a panel of its own. */
  isInPanel?: boolean
  children: (items: readonly Item[], open: (dialog: Dialog) => void) => ReactNode
}

/** A page whose content is one list, with a dialog over it in which its records are added and changed. */
export function DialogListPage<Item, Dialog>(props: DialogListPageProps<Item, Dialog>) {
  const { list, empty, add, dialogOf, isInPanel = false, children, actions, ...page } = props
  const { t } = useText()
  const [dialog, setDialog] = useState<{ is: Dialog } | null>(null)
  const close = (): void => setDialog(null)
  const open = (is: Dialog): void => setDialog({ is })
  const content = dialog === null ? null : dialogOf(dialog.is, close)
  const addButton = add ? (
    <Button leftSection={<IconPlus size={16} />} onClick={() => open(add.dialog)}>
      {add.label}
    </Button>
  ) : null
  const states = (
    <ListStates list={list} empty={empty}>
      {(items) => children(items, open)}
    </ListStates>
  )
  return (
    <ListPage
      {...page}
      actions={
        actions || addButton ? (
          <>
            {actions}
            {addButton}
          </>
        ) : undefined
      }
    >
      {isInPanel ? <div className="panel panel-flush">{states}</div> : states}
      <Modal
        size={content?.size ?? 'lg'}
        opened={content !== null}
        onClose={close}
        title={content?.title}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        {content?.body}
      </Modal>
    </ListPage>
  )
}
