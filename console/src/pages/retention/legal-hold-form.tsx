/** Setting and lifting a legal hold: a code or a case number, and what follows. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api } from '../../api/client.ts'
import { useLanguage } from '../../i18n/i18n.tsx'
import { ActError } from '../../ui/act-error.tsx'
import { Notice } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { toast } from '../../ui/toast.tsx'

/** `id` is that of the transfer where a hold is set, of the hold where one is lifted. */
export type LegalHoldAct = { readonly action: 'set' | 'lift'; readonly id: string }

export function LegalHoldForm({ act, onClose }: { act: LegalHoldAct | undefined; onClose: () => void }) {
  const { t } = useLanguage()
  return (
    <Dialog
      title={act ? t(`legalHold.${act.action}.title`) : ''}
      isOpen={act !== undefined}
      onClose={onClose}
    >
      {act && <Form act={act} onClose={onClose} />}
    </Dialog>
  )
}

const REASON = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$/

function Form({ act, onClose }: { act: LegalHoldAct; onClose: () => void }) {
  const { t } = useLanguage()
  const queries = useQueryClient()
  const [reason, setReason] = useState('')
  const [key] = useState(() => crypto.randomUUID())
  const sending = useMutation({
    mutationFn: () => {
      const options = {
        params: { path: { id: act.id } },
        headers: { 'Idempotency-Key': `${key}/${reason.trim()}` },
        body: { reason: reason.trim() },
      }
      return answer(
        act.action === 'set'
          ? api.POST('/api/transfers/{id}/legal-hold', options)
          : api.POST('/api/legal-holds/{id}/lift', options),
      )
    },
    onSuccess() {
      toast(t(`legalHold.${act.action}.done`))
      onClose()
    },
    onSettled: () =>
      queries.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).startsWith('retention') }),
  })
  const isCode = REASON.test(reason.trim())
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        if (isCode && !sending.isPending) sending.mutate()
      }}
    >
      <TextField
        label={t('legalHold.reason')}
        hint={t('legalHold.reasonHint')}
        value={reason}
        onChange={setReason}
        maxLength={64}
        isRequired
        autoFocus
        error={reason.trim() === '' || isCode ? undefined : t('legalHold.reasonWrong')}
      />
      <Notice tone={act.action === 'lift' ? 'stop' : 'calm'} icon={act.action === 'lift' ? 'alert' : 'right'}>
        <p>{t(`legalHold.${act.action}.follows`)}</p>
      </Notice>
      <ActError error={sending.error} />
      <footer className="dialog-actions">
        <Button onPress={onClose}>{t('common.cancel')}</Button>
        <Button
          type="submit"
          look={act.action === 'lift' ? 'danger' : 'primary'}
          isDisabled={!isCode || sending.isPending}
        >
          {t(`legalHold.${act.action}.send`)}
        </Button>
      </footer>
    </form>
  )
}
