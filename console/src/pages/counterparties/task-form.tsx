/** The decision on a task: by one person, or, where keys change, the second one's consent. What follows is said first. */
import { useState } from 'react'
import type { Schemas } from '../../api/client.ts'
import { useT } from '../../i18n/i18n.tsx'
import { ActError } from '../../ui/act-error.tsx'
import { Notice } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Select, TextField } from '../../ui/field.tsx'
import { toast } from '../../ui/toast.tsx'
import { useCounterpartyAct } from './use-counterparty-act.ts'

type Task = Schemas['CounterpartyTask']
type Decision = Schemas['TaskDecision']

export interface OpenTask {
  readonly act: 'decide' | 'approve'
  /** As it was when the form opened. */
  readonly task: Task
  readonly seen: string
}

interface Props {
  readonly detail: Schemas['CounterpartyDetail']
  readonly opened: OpenTask | undefined
  readonly onClose: () => void
}

export function TaskForm({ detail, opened, onClose }: Props) {
  const t = useT()
  return (
    <Dialog
      title={opened ? t(`form.${opened.act}-task`) : ''}
      isOpen={opened !== undefined}
      onClose={onClose}
      width="wide"
    >
      {opened && <Form {...opened} detail={detail} onClose={onClose} />}
    </Dialog>
  )
}

const REASONS = {
  KEYS_CHANGED: ['COMPARED_BY_PHONE', 'COMPARED_IN_PERSON', 'NOT_THEIRS', 'OTHER'],
  REPEATED_FAILURE: ['LETTER_SENT', 'TECHNICAL_CAUSE', 'CONTINUED_FAILURE', 'OTHER'],
} as const

function Form({ act, task, seen, detail, onClose }: OpenTask & Omit<Props, 'opened'>) {
  const t = useT()
  const [decision, setDecision] = useState<Decision>(task.decisions[0] ?? 'DISMISS')
  const [reason, setReason] = useState<string>(REASONS[task.kind][0])
  const [reference, setReference] = useState('')
  const sending = useCounterpartyAct(detail.counterparty.id, seen)
  const isChanged = detail.etag !== seen && !sending.isSuccess
  const submit = () =>
    sending.mutate(
      act === 'approve'
        ? { action: 'approve', taskId: task.id }
        : {
            action: 'decide',
            taskId: task.id,
            decision: {
              decision,
              reason,
              ...(reference.trim() !== '' && { reference: reference.trim() }),
            },
          },
      {
        onSuccess() {
          toast(t(act === 'approve' ? 'done.approve-task' : `done.task.${decision}`))
          onClose()
        },
      },
    )
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isChanged && !sending.isPending) submit()
      }}
    >
      {act === 'decide' && (
        <>
          <Select
            label={t('task.decision')}
            value={decision}
            choices={task.decisions.map((value) => ({ value, label: t(`taskDecision.${value}`) }))}
            onChange={setDecision}
          />
          <Select
            label={t('form.reason')}
            value={reason}
            choices={REASONS[task.kind].map((value) => ({
              value: value as string,
              label: t(`taskReason.${value}`),
            }))}
            onChange={setReason}
          />
          <TextField
            label={t('task.reference')}
            hint={t('task.referenceHint')}
            value={reference}
            onChange={setReference}
            maxLength={128}
          />
        </>
      )}
      <Notice tone={act === 'approve' || decision === 'RESTRICT' ? 'warn' : 'calm'} icon="right">
        <p>{t(act === 'approve' ? 'consequence.task.approve' : `taskFollows.${decision}`)}</p>
      </Notice>
      <ActError error={sending.error} isChanged={isChanged} />
      <footer className="dialog-actions">
        <Button onPress={onClose}>{t('common.cancel')}</Button>
        <Button type="submit" look="primary" isDisabled={isChanged || sending.isPending}>
          {t(act === 'approve' ? 'send.approve-task' : `taskSend.${decision}`)}
        </Button>
      </footer>
    </form>
  )
}
