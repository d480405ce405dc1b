/** What is done to each, and then what came of each. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Schemas } from '../../api/client.ts'
import { people } from '../../api/queries.ts'
import { useLanguage, useT } from '../../i18n/i18n.tsx'
import { useSession } from '../../shell/session.ts'
import { Notice } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Select, TextField } from '../../ui/field.tsx'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { CounterpartyName, referenceOf } from '../../ui/transfer-bits.tsx'
import { type BulkResult, useBulk } from './use-bulk.ts'

interface Props {
  readonly act: 'assign' | 'comment'
  /** As they were when they were picked. */
  readonly items: readonly Schemas['HoldItem'][]
  readonly onClose: (isDone: boolean) => void
}

const NOBODY = ''

export function BulkForm({ act, items, onClose }: Props) {
  const t = useT()
  const { person } = useSession()
  const [assignee, setAssignee] = useState(person.subject)
  const [text, setText] = useState('')
  const { results, isRunning, run } = useBulk(items)
  const others = (useQuery(people).data?.items ?? []).filter(
    ({ decides, subject }) => decides && subject !== person.subject,
  )
  const isBegun = isRunning || results.size > 0
  if (isBegun) return <Results items={items} results={results} isRunning={isRunning} onClose={onClose} />
  const isReady = act === 'assign' || text.trim() !== ''
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isReady) return
        void run(
          act === 'assign'
            ? { act, assignee: assignee === NOBODY ? null : assignee }
            : { act, text: text.trim() },
        )
      }}
    >
      {act === 'assign' ? (
        <Select
          label={t('form.assignee')}
          value={assignee}
          choices={[
            { value: person.subject, label: t('form.myself') },
            ...others.map(({ subject, name }) => ({ value: subject, label: name ?? subject })),
            { value: NOBODY, label: t('form.nobody') },
          ]}
          onChange={setAssignee}
        />
      ) : (
        <TextField
          label={t('form.note')}
          hint={t('form.noteHint')}
          value={text}
          onChange={setText}
          rows={4}
          maxLength={4000}
          isRequired
          autoFocus
        />
      )}
      <Notice tone="calm" icon="right">
        <p>{t(act === 'assign' ? 'follows.assign' : 'bulk.comment.follows')}</p>
        <p>{t('bulk.each')}</p>
      </Notice>
      <footer className="dialog-actions">
        <Button onPress={() => onClose(false)}>{t('common.cancel')}</Button>
        <Button type="submit" look="primary" isDisabled={!isReady}>
          {t(`bulk.${act}.send`)}
        </Button>
      </footer>
    </form>
  )
}

const ICONS: Readonly<Record<BulkResult['outcome'], IconName>> = {
  done: 'check',
  changed: 'eye',
  failed: 'alert',
}

interface ResultsProps extends Pick<Props, 'items' | 'onClose'> {
  readonly results: ReadonlyMap<string, BulkResult>
  readonly isRunning: boolean
}

function Results({ items, results, isRunning, onClose }: ResultsProps) {
  const { t, maybe } = useLanguage()
  const done = [...results.values()].filter(({ outcome }) => outcome === 'done').length
  const say = (result: BulkResult) =>
    result.outcome === 'failed'
      ? t('bulk.result.failed', {
          why: result.code === null ? t('state.offline.title') : maybe(`problem.${result.code}`, result.code),
        })
      : t(`bulk.result.${result.outcome}`)
  return (
    <div className="form">
      <p role="status" className="strong">
        {isRunning
          ? t('bulk.running', { done: results.size, total: items.length })
          : t('bulk.summary', { done, left: items.length - done })}
      </p>
      <ul className="bulk-results">
        {items.map(({ id, transfer }) => {
          const result = results.get(id)
          return (
            <li key={id} className={result?.outcome ?? ''}>
              <span className="mono">{referenceOf(transfer)}</span>
              <CounterpartyName counterparty={transfer.counterparty} />
              {result && (
                <span className="outcome">
                  <Icon name={ICONS[result.outcome]} size={14} /> {say(result)}
                </span>
              )}
            </li>
          )
        })}
      </ul>
      <footer className="dialog-actions">
        <Button look="primary" onPress={() => onClose(true)} isDisabled={isRunning}>
          {t('common.close')}
        </Button>
      </footer>
    </div>
  )
}
