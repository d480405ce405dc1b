/** An officer's word: what was seen and judged, by which document, and until when it counts. */
import { useState } from 'react'
import type { Schemas } from '../../api/client.ts'
import { isProblem } from '../../api/problem.ts'
import { useT } from '../../i18n/i18n.tsx'
import { ActError } from '../../ui/act-error.tsx'
import { Notice } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Select, TextField } from '../../ui/field.tsx'
import { serverNow } from '../../ui/now.ts'
import { toast } from '../../ui/toast.tsx'
import { FileHash } from './file-hash.tsx'
import { type OpenProps, SeenDialog, type SeenProps } from './seen-dialog.tsx'
import { useCounterpartyAct } from './use-counterparty-act.ts'

type Attestation = Schemas['Attestation']

export function AttestForm(props: SeenProps) {
  const t = useT()
  return <SeenDialog title={t('form.attest')} form={Form} {...props} />
}

const KINDS = ['due_diligence', 'licence'] as const
const PERIMETERS = ['none', 'AIFC', 'NATIONAL'] as const
const YEAR_DAYS = 365

function Form({ detail, seen, onClose }: OpenProps) {
  const t = useT()
  const [kind, setKind] = useState<Attestation['kind']>('due_diligence')
  const [reference, setReference] = useState('')
  const [expires, setExpires] = useState(() => dayIn(YEAR_DAYS))
  const [hash, setHash] = useState<string | null>(null)
  const [perimeter, setPerimeter] = useState<(typeof PERIMETERS)[number]>('none')
  const sending = useCounterpartyAct(detail.counterparty.id, seen.etag)
  const isChanged = detail.etag !== seen.etag && !sending.isSuccess
  const isUnasked = kind === 'due_diligence' && seen.questionnaire === null
  const expiresAt = endOf(expires)
  const attestation = (end: string): Attestation => ({
    kind,
    reference: reference.trim(),
    expiresAt: end,
    documentSha256: hash,
    perimeter: kind === 'licence' && perimeter !== 'none' ? perimeter : null,
  })
  const isRight = reference.trim() !== '' && expiresAt !== undefined
  return (
    <form
      className="form"
      // What the gateway found wrong must not keep the browser from sending what was mended.
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (isChanged || sending.isPending || expiresAt === undefined || !isRight) return
        sending.mutate(
          { action: 'attest', attestations: [attestation(expiresAt)] },
          {
            onSuccess() {
              toast(t('done.attest'))
              onClose()
            },
          },
        )
      }}
    >
      <Select
        label={t('attest.kind')}
        value={kind}
        choices={KINDS.map((value) => ({ value, label: t(`attest.kind.${value}`) }))}
        onChange={setKind}
      />
      {isUnasked && (
        <Notice tone="warn" icon="alert">
          <p>{t('attest.unasked')}</p>
        </Notice>
      )}
      <TextField
        label={t('attest.reference')}
        hint={t(`attest.referenceHint.${kind}`)}
        value={reference}
        onChange={setReference}
        maxLength={256}
        isRequired
        error={saidOf(sending.error, 'reference') && t('attest.referenceWrong')}
      />
      {kind === 'licence' && (
        <Select
          label={t('attest.perimeter')}
          value={perimeter}
          choices={PERIMETERS.map((value) => ({
            value,
            label: value === 'none' ? t('policy.notSaid') : t(`policyForm.perimeters.${value}`),
          }))}
          onChange={setPerimeter}
        />
      )}
      <TextField
        label={t('attest.expires')}
        hint={t('attest.expiresHint')}
        type="date"
        value={expires}
        onChange={setExpires}
        isRequired
        error={
          saidOf(sending.error, 'expiresAt') || expiresAt === undefined ? t('attest.expiresWrong') : undefined
        }
      />
      <FileHash hash={hash} onHash={setHash} />
      <Notice tone="calm" icon="right">
        <p>{t('consequence.attest')}</p>
      </Notice>
      <ActError error={sending.error} isChanged={isChanged} />
      <footer className="dialog-actions">
        <Button onPress={onClose}>{t('common.cancel')}</Button>
        <Button type="submit" look="primary" isDisabled={isChanged || sending.isPending || !isRight}>
          {t('send.attest')}
        </Button>
      </footer>
    </form>
  )
}

/** What the gateway said of this member, wherever it stands in the request. */
function saidOf(error: unknown, member: string): string | undefined {
  if (!isProblem(error)) return undefined
  return error.fields.find(({ field }) => field.endsWith(member))?.description
}

function dayIn(days: number): string {
  return new Date(serverNow() + days * 86_400_000).toISOString().slice(0, 10)
}

/** The end of that day in UTC. */
function endOf(day: string): string | undefined {
  const end = new Date(`${day}T23:59:59.000Z`)
  return Number.isNaN(end.getTime()) ? undefined : end.toISOString()
}
