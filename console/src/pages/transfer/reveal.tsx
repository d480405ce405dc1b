/** Personal data is masked until somebody says what for. What is shown is forgotten after a minute; the gateway has it in its audit log. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, use, useEffect, useState } from 'react'
import { answer, api, type Schemas } from '../../api/client.ts'
import { transfer as transferQuery } from '../../api/queries.ts'
import { useFormat } from '../../i18n/format.ts'
import { useT } from '../../i18n/i18n.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Select, TextField } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import { serverNow, useNow } from '../../ui/now.ts'

type Field = Schemas['RevealedField']
const PURPOSES = [
  'NAME_MATCH',
  'SANCTIONS_REVIEW',
  'MISSING_DATA',
  'CUSTOMER_REQUEST',
  'REGULATOR_REQUEST',
  'OTHER',
] as const
type Purpose = (typeof PURPOSES)[number]

interface Reveal {
  readonly fields: ReadonlyMap<string, Field> | undefined
  readonly until: number
  readonly ask: () => void
  readonly hide: () => void
}

const RevealContext = createContext<Reveal | undefined>(undefined)

/** A minute, whatever the gateway allows. */
const SHOWN_MS = 60_000

export function RevealProvider({ transferId, children }: { transferId: string; children: ReactNode }) {
  const t = useT()
  const [isAsking, setAsking] = useState(false)
  const [shown, setShown] = useState<Schemas['Revealed']>()
  const until = shown === undefined ? 0 : Date.parse(shown.until)
  useEffect(() => {
    if (shown === undefined) return
    const timer = setTimeout(() => setShown(undefined), Math.min(SHOWN_MS, Math.max(0, until - serverNow())))
    return () => clearTimeout(timer)
  }, [shown, until])
  const reveal: Reveal = {
    fields: shown && new Map(shown.fields.map((field) => [field.path, field])),
    until,
    ask: () => setAsking(true),
    hide: () => setShown(undefined),
  }
  return (
    <RevealContext value={reveal}>
      {children}
      <Dialog title={t('reveal.title')} isOpen={isAsking} onClose={() => setAsking(false)}>
        <RevealForm
          transferId={transferId}
          onShown={(answered) => {
            setShown(answered)
            setAsking(false)
          }}
        />
      </Dialog>
    </RevealContext>
  )
}

export function useReveal(): Reveal {
  const reveal = use(RevealContext)
  if (reveal === undefined) throw new Error('no RevealProvider above')
  return reveal
}

export function RevealButton() {
  const t = useT()
  const format = useFormat()
  const { fields, until, ask, hide } = useReveal()
  const left = Math.max(0, until - useNow())
  if (fields === undefined)
    return (
      <Button icon="eye" onPress={ask}>
        {t('reveal.show')}
      </Button>
    )
  return (
    <span className="reveal-on">
      <span className="small" role="timer">
        <Icon name="eye" size={14} /> {t('reveal.left', { span: format.span(Math.min(SHOWN_MS, left)) })}
      </span>
      <Button icon="eyeOff" onPress={hide}>
        {t('reveal.hide')}
      </Button>
    </span>
  )
}

function RevealForm({
  transferId,
  onShown,
}: {
  transferId: string
  onShown: (revealed: Schemas['Revealed']) => void
}) {
  const t = useT()
  const queries = useQueryClient()
  const [purpose, setPurpose] = useState<Purpose>('NAME_MATCH')
  const [note, setNote] = useState('')
  const asking = useMutation({
    gcTime: 0,
    mutationFn: () =>
      answer(
        api.POST('/api/transfers/{id}/reveal', {
          params: { path: { id: transferId } },
          body: { purpose, ...(note.trim() !== '' && { note: note.trim() }) },
        }),
      ),
    onSuccess(shown) {
      onShown(shown)
      // The history has one entry more.
      void queries.invalidateQueries({ queryKey: transferQuery(transferId).queryKey })
    },
  })
  const lacksNote = purpose === 'OTHER' && note.trim() === ''
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        if (!lacksNote) asking.mutate()
      }}
    >
      <p className="quiet">{t('reveal.text')}</p>
      <Select
        label={t('reveal.purpose')}
        value={purpose}
        choices={PURPOSES.map((value) => ({ value, label: t(`purpose.${value}`) }))}
        onChange={setPurpose}
      />
      {purpose === 'OTHER' && (
        <TextField
          label={t('form.note')}
          value={note}
          onChange={setNote}
          rows={3}
          maxLength={4000}
          isRequired
        />
      )}
      {asking.error && (
        <p className="field-error" role="alert">
          {t('form.failed')}
        </p>
      )}
      <footer className="dialog-actions">
        <Button type="submit" look="primary" icon="eye" isDisabled={lacksNote || asking.isPending}>
          {t('reveal.show')}
        </Button>
      </footer>
    </form>
  )
}
