import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api, decisionHeaders, type Schemas } from '../../api/client.ts'
import { isStale } from '../../api/problem.ts'
import { counterparty as counterpartyQuery } from '../../api/queries.ts'
import { useT } from '../../i18n/i18n.tsx'
import { Notice } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Select } from '../../ui/field.tsx'
import { toast } from '../../ui/toast.tsx'

const REASONS = ['KEY_COMPROMISE', 'LICENCE_LOST', 'SANCTIONS', 'CONDUCT', 'OTHER'] as const

interface Props {
  readonly detail: Schemas['CounterpartyDetail']
  readonly isOpen: boolean
  readonly onClose: () => void
}

export function SuspendForm({ detail, isOpen, onClose }: Props) {
  const t = useT()
  return (
    <Dialog title={t('form.suspend')} isOpen={isOpen} onClose={onClose}>
      <Form detail={detail} onClose={onClose} />
    </Dialog>
  )
}

function Form({ detail, onClose }: Pick<Props, 'detail' | 'onClose'>) {
  const t = useT()
  const queries = useQueryClient()
  const { id } = detail.counterparty
  const [reason, setReason] = useState<(typeof REASONS)[number]>('CONDUCT')
  const sending = useMutation({
    mutationFn: () => {
      const header = decisionHeaders(detail.etag, crypto.randomUUID())
      return answer(
        api.POST('/api/counterparties/{id}/suspend', { params: { path: { id }, header }, body: { reason } }),
      )
    },
    onSuccess() {
      toast(t('done.suspend'))
      onClose()
    },
    onSettled: () => queries.invalidateQueries({ queryKey: counterpartyQuery(id).queryKey }),
  })
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        sending.mutate()
      }}
    >
      <Select
        label={t('form.reason')}
        value={reason}
        choices={REASONS.map((value) => ({ value, label: t(`suspendReason.${value}`) }))}
        onChange={setReason}
      />
      <Notice tone="stop" icon="alert">
        {t('follows.suspend', { count: detail.openTransfers })}
      </Notice>
      {sending.error && (
        <p className="field-error" role="alert">
          {t(isStale(sending.error) ? 'changed.stale' : 'form.failed')}
        </p>
      )}
      <footer className="dialog-actions">
        <Button onPress={onClose}>{t('common.cancel')}</Button>
        <Button type="submit" look="danger" isDisabled={sending.isPending}>
          {t('action.suspend')}
        </Button>
      </footer>
    </form>
  )
}
