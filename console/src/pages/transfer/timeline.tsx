/** One history of messages, checks and people, the newest first, with the state of each signature. */
import { useState } from 'react'
import type { Schemas } from '../../api/client.ts'
import { useLanguage } from '../../i18n/i18n.tsx'
import { Chip, Copyable, Moment, Section } from '../../ui/bits.tsx'
import { FilterSelect } from '../../ui/filters.tsx'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { EntryTitle } from './timeline-words.tsx'

type Entry = Schemas['TimelineEntry']

const ICONS: Readonly<Record<Entry['kind'], IconName>> = {
  message: 'seal',
  check: 'policy',
  person: 'person',
  system: 'transfer',
  counterparty: 'building',
  clock: 'clock',
}
const KINDS = ['message', 'check', 'person', 'counterparty', 'clock', 'system'] as const

interface Props {
  readonly detail: Schemas['TransferDetail']
  readonly isNew: (entry: Entry) => boolean
}

export function Timeline({ detail, isNew }: Props) {
  const { t } = useLanguage()
  const [kind, setKind] = useState<Entry['kind']>()
  const entries = detail.timeline
    .filter((entry) => kind === undefined || entry.kind === kind)
    .toSorted((a, b) => b.at.localeCompare(a.at))
  const filter = (
    <FilterSelect
      label={t('timeline.kind')}
      value={kind}
      choices={KINDS.map((value) => ({ value, label: t(`timelineKind.${value}`) }))}
      onChange={setKind}
    />
  )
  return (
    <Section title={t('timeline.title')} aside={filter} id="timeline">
      <ol className="timeline">
        {entries.map((entry) => (
          <li key={entry.id} className={isNew(entry) ? `entry ${entry.kind} new` : `entry ${entry.kind}`}>
            <span className="entry-icon">
              <Icon name={ICONS[entry.kind]} size={14} />
            </span>
            <div className="entry-body">
              <p className="entry-title">
                <EntryTitle entry={entry} />
                {isNew(entry) && <Chip tone="accent">{t('timeline.new')}</Chip>}
              </p>
              {entry.note && <p className="note-text">{entry.note}</p>}
              {entry.message && <Signature message={entry.message} />}
            </div>
            <span className="entry-time quiet tiny">
              <Moment at={entry.at} />
            </span>
          </li>
        ))}
      </ol>
    </Section>
  )
}

function Signature({ message }: { message: Schemas['MessageFacts'] }) {
  const { t, maybe } = useLanguage()
  return (
    <details className="signature">
      <summary>
        <Icon name={message.signature === 'verified' ? 'check' : 'key'} size={14} />
        {t(`signature.${message.signature}`, { signer: message.signer })}
        {message.receipt ? (
          <Chip tone={message.receipt.outcome.startsWith('stored') ? 'go' : 'warn'}>
            {maybe(`receipt.${message.receipt.outcome.split(' ')[0]}`, message.receipt.outcome)}
          </Chip>
        ) : (
          message.direction === 'sent' && <Chip tone="warn">{t('receipt.none')}</Chip>
        )}
      </summary>
      <dl className="facts">
        <div>
          <dt>{t('signature.type')}</dt>
          <dd>
            <code>{message.type}</code>
          </dd>
        </div>
        <div>
          <dt>{t('signature.key')}</dt>
          <dd>
            <Copyable text={message.kid} label={t('common.copy')} />
          </dd>
        </div>
        <div>
          <dt>{t('signature.jti')}</dt>
          <dd>
            <Copyable text={message.jti} label={t('common.copy')} />
          </dd>
        </div>
        <div>
          <dt>{t('signature.at')}</dt>
          <dd>
            <Moment at={message.verifiedAt} full />
          </dd>
        </div>
        {message.receipt && (
          <div>
            <dt>{t('signature.receipt')}</dt>
            <dd>
              <Moment at={message.receipt.at} full />
            </dd>
          </div>
        )}
      </dl>
    </details>
  )
}
