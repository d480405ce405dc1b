/** Limits, a floor of risk, a restriction: all of them at once, over what was seen. */
import { useState } from 'react'
import { useT } from '../../i18n/i18n.tsx'
import { ActError } from '../../ui/act-error.tsx'
import { Notice } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Select, TextField } from '../../ui/field.tsx'
import { toast } from '../../ui/toast.tsx'
import { type OpenProps, SeenDialog, type SeenProps } from './seen-dialog.tsx'
import { useCounterpartyAct } from './use-counterparty-act.ts'

export function TermsForm(props: SeenProps) {
  const t = useT()
  return <SeenDialog title={t('form.set-terms')} form={Form} {...props} />
}

const AMOUNT = /^\d+(?:\.\d+)?$/
const FLOORS = ['none', 'low', 'medium', 'high'] as const
const REASONS = ['ANNUAL_REVIEW', 'NEW_COUNTERPARTY', 'CONDUCT', 'REGULATOR', 'OTHER'] as const

function Form({ detail, seen, onClose }: OpenProps) {
  const t = useT()
  const { terms } = seen
  // What policy says is not an officer's to keep.
  const own = terms.limitsBy === 'officer'
  const [perTransfer, setPerTransfer] = useState(own ? (terms.perTransfer?.amount ?? '') : '')
  const [perDay, setPerDay] = useState(own ? (terms.perDay?.amount ?? '') : '')
  const [currency, setCurrency] = useState(terms.perDay?.currency ?? terms.perTransfer?.currency ?? 'EUR')
  const [floor, setFloor] = useState<(typeof FLOORS)[number]>(terms.riskFloor?.level ?? 'none')
  const [isRestricted, setRestricted] = useState(terms.restriction !== null)
  const [reason, setReason] = useState<(typeof REASONS)[number]>('ANNUAL_REVIEW')
  const sending = useCounterpartyAct(detail.counterparty.id, seen.etag)
  const isChanged = detail.etag !== seen.etag && !sending.isSuccess
  const isMoney = [perTransfer, perDay].every((amount) => amount.trim() === '' || AMOUNT.test(amount.trim()))
  const isCurrency = /^[A-Z]{3}$/.test(currency)
  const limit = (amount: string) => (amount.trim() === '' ? null : { amount: amount.trim(), currency })
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        if (isChanged || sending.isPending || !isMoney || !isCurrency) return
        sending.mutate(
          {
            action: 'terms',
            terms: {
              perTransfer: limit(perTransfer),
              perDay: limit(perDay),
              riskFloor: floor === 'none' ? null : floor,
              restricted: isRestricted,
              reason,
            },
          },
          {
            onSuccess() {
              toast(t('done.set-terms'))
              onClose()
            },
          },
        )
      }}
    >
      <div className="field-row">
        <TextField
          label={t('terms.perTransfer')}
          value={perTransfer}
          onChange={setPerTransfer}
          inputMode="decimal"
          autoFocus
          error={
            perTransfer.trim() === '' || AMOUNT.test(perTransfer.trim()) ? undefined : t('terms.amountWrong')
          }
        />
        <TextField
          label={t('terms.perDay')}
          value={perDay}
          onChange={setPerDay}
          inputMode="decimal"
          error={perDay.trim() === '' || AMOUNT.test(perDay.trim()) ? undefined : t('terms.amountWrong')}
        />
        <TextField
          label={t('terms.currency')}
          value={currency}
          onChange={(text) => setCurrency(text.toUpperCase())}
          maxLength={3}
          error={isCurrency ? undefined : t('terms.currencyWrong')}
        />
      </div>
      <p className="hint">{t('terms.emptyHint')}</p>
      <Select
        label={t('terms.floor')}
        value={floor}
        choices={FLOORS.map((value) => ({
          value,
          label: value === 'none' ? t('terms.noFloor') : t(`risk.${value}`),
        }))}
        onChange={setFloor}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={isRestricted}
          onChange={(event) => setRestricted(event.target.checked)}
        />
        {t('terms.restrict')}
      </label>
      <Select
        label={t('form.reason')}
        value={reason}
        choices={REASONS.map((value) => ({ value, label: t(`termsReason.${value}`) }))}
        onChange={setReason}
      />
      <Notice tone="calm" icon="right">
        <p>{t('consequence.set-terms')}</p>
      </Notice>
      <ActError error={sending.error} isChanged={isChanged} />
      <footer className="dialog-actions">
        <Button onPress={onClose}>{t('common.cancel')}</Button>
        <Button
          type="submit"
          look="primary"
          isDisabled={isChanged || sending.isPending || !isMoney || !isCurrency}
        >
          {t('send.set-terms')}
        </Button>
      </footer>
    </form>
  )
}
