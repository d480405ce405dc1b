/** Reason, note, consequence: the form of every action but assigning. */
import { useState } from 'react'
import type { Schemas } from '../../api/client.ts'
import { isProblem, isStale } from '../../api/problem.ts'
import { type Say, type Translate, useLanguage } from '../../i18n/i18n.tsx'
import { Notice } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Select, TextField } from '../../ui/field.tsx'
import { toast } from '../../ui/toast.tsx'
import { type Act, useAct } from './use-act.ts'

const RELEASE_REASONS = [
  'PROOF_SEEN',
  'FALSE_POSITIVE',
  'CUSTOMER_CONFIRMED',
  'COUNTERPARTY_CONFIRMED',
  'RISK_ACCEPTED',
] as const
/** TRISA's names: the counterparty reads them. */
const REJECT_REASONS = [
  'COMPLIANCE_CHECK_FAIL',
  'BENEFICIARY_NAME_UNMATCHED',
  'UNKNOWN_ORIGINATOR',
  'HIGH_RISK',
  'NO_COMPLIANCE',
] as const
const GLASS_REASONS = ['CUSTOMER_AT_RISK', 'SECOND_PERSON_UNREACHABLE', 'OTHER'] as const
const HOLD_WHY = ['SUSPICION', 'CUSTOMER_REQUEST', 'AUTHORITY_REQUEST', 'QUALITY_CHECK'] as const

interface Props {
  readonly act: Act
  readonly action: Schemas['Action']
  readonly hold: Schemas['Hold'] | undefined
  readonly isChanged: boolean
  readonly onClose: () => void
}

export function DecideForm({ act, action, hold, isChanged, onClose }: Props) {
  const { t, maybe, say } = useLanguage()
  const name = formName(action.action)
  const reasons = reasonsOf(name, t)
  const [reason, setReason] = useState(reasons[0]?.value ?? '')
  const [note, setNote] = useState('')
  const sending = useAct({
    ...act,
    onDone() {
      toast(t(`done.${name}`))
      act.onDone()
    },
  })
  const [isSure, setSure] = useState(name !== 'break-glass')
  const isStopped = isChanged || isStale(sending.error)
  const needsNote = name !== 'withdraw'
  const consequence = consequenceOf(action, say)
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isStopped && !sending.isPending && isSure)
          sending.mutate({ action: action.action, reason, note: note.trim() })
      }}
    >
      {name === 'approve' && hold?.proposal && <Proposed proposal={hold.proposal} />}
      {reasons.length > 0 && (
        <Select
          label={t('form.reason')}
          value={reason}
          choices={reasons}
          onChange={setReason}
          hint={name === 'reject' ? t('form.rejectHint') : undefined}
        />
      )}
      {needsNote && (
        <TextField
          label={t('form.note')}
          hint={t('form.noteHint')}
          value={note}
          onChange={setNote}
          rows={4}
          maxLength={4000}
          isRequired
          autoFocus
        />
      )}
      {name === 'break-glass' && (
        <Notice tone="stop" icon="alert">
          <p className="strong">{t('glass.title')}</p>
          <p>{t('glass.text')}</p>
          <label className="check">
            <input type="checkbox" checked={isSure} onChange={(event) => setSure(event.target.checked)} />
            {t('glass.sure')}
          </label>
        </Notice>
      )}
      {consequence !== '' && (
        <Notice tone={name === 'reject' ? 'stop' : 'calm'} icon={name === 'reject' ? 'alert' : 'right'}>
          <p>{consequence}</p>
        </Notice>
      )}
      {isStopped && <Changed />}
      {sending.error && !isStale(sending.error) && (
        <p className="field-error" role="alert">
          {isProblem(sending.error)
            ? maybe(`problem.${sending.error.code}`, t('state.failed.text', { code: sending.error.code }))
            : t('state.offline.text')}
        </p>
      )}
      <footer className="dialog-actions">
        <Button onPress={onClose}>{t(isStopped ? 'changed.look' : 'common.cancel')}</Button>
        <Button
          type="submit"
          look={name === 'reject' || name === 'break-glass' ? 'danger' : 'primary'}
          isDisabled={!isSure || isStopped || sending.isPending || (needsNote && note.trim() === '')}
        >
          {t(`send.${name}`)}
        </Button>
      </footer>
    </form>
  )
}

export function Changed() {
  const { t } = useLanguage()
  return (
    <div role="alert">
      <Notice tone="warn" icon="eye">
        <p className="strong">{t('changed.stale')}</p>
        <p>{t('changed.staleText')}</p>
      </Notice>
    </div>
  )
}

function Proposed({ proposal }: { proposal: Schemas['Proposal'] }) {
  const { t, maybe } = useLanguage()
  return (
    <Notice tone="accent" icon="people">
      <p className="strong">
        {t('proposal.title', { name: proposal.proposer.name ?? proposal.proposer.subject })}
        {': '}
        {maybe(`releaseReason.${proposal.reason}`, proposal.reason)}
      </p>
      <blockquote>{proposal.note}</blockquote>
    </Notice>
  )
}

/** What follows is the same whether one person releases or a second one approves. */
function consequenceOf({ consequence, values }: Schemas['Action'], say: Say): string {
  return say(`consequence.${consequence.replace(/^approve\./, 'release.')}`, values)
}

type FormName =
  | 'release'
  | 'propose'
  | 'approve'
  | 'withdraw'
  | 'reject'
  | 'escalate'
  | 'comment'
  | 'hold'
  | 'break-glass'
const FORM_NAMES: readonly FormName[] = [
  'release',
  'propose',
  'approve',
  'withdraw',
  'reject',
  'escalate',
  'comment',
  'hold',
  'break-glass',
]

function formName(action: string): FormName {
  return FORM_NAMES.find((name) => name === action) ?? 'comment'
}

function reasonsOf(name: FormName, t: Translate) {
  if (name === 'release' || name === 'propose')
    return RELEASE_REASONS.map((value) => ({ value: value as string, label: t(`releaseReason.${value}`) }))
  if (name === 'reject')
    return REJECT_REASONS.map((value) => ({ value: value as string, label: t(`rejectReason.${value}`) }))
  if (name === 'break-glass')
    return GLASS_REASONS.map((value) => ({ value: value as string, label: t(`glassReason.${value}`) }))
  if (name === 'hold')
    return HOLD_WHY.map((value) => ({ value: value as string, label: t(`holdWhy.${value}`) }))
  return []
}
