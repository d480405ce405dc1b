/** What happened, in words, and who did it. */
import type { Schemas } from '../../api/client.ts'
import { useLanguage } from '../../i18n/i18n.tsx'
import { PersonName } from '../../ui/transfer-bits.tsx'

type Entry = Schemas['TimelineEntry']

export function EntryTitle({ entry }: { entry: Entry }) {
  const { maybe } = useLanguage()
  return (
    <span>
      {maybe(`event.${entry.type}`, entry.type)}
      <EntryAbout entry={entry} />
      {' · '}
      <Actor entry={entry} />
    </span>
  )
}

/** The hold, or the code, that the event is about. */
function EntryAbout({ entry }: { entry: Entry }) {
  const { maybe } = useLanguage()
  const about = [entry.data['reason'], entry.data['code'], entry.data['purpose']].find(
    (value) => typeof value === 'string',
  )
  if (typeof about !== 'string') return null
  const text = ['reason', 'releaseReason', 'rejectReason', 'purpose', 'holdWhy'].reduce(
    (found, kind) => (found === '' ? maybe(`${kind}.${about}`, '') : found),
    '',
  )
  return <>: {text === '' ? <code className="code">{about}</code> : text}</>
}

function Actor({ entry }: { entry: Entry }) {
  const { t } = useLanguage()
  if (entry.person) return <PersonName person={entry.person} />
  const [kind = '', ...rest] = entry.actor.split(':')
  const name = rest.join(':')
  switch (kind) {
    case 'person':
    case 'counterparty':
      return <bdi>{name}</bdi>
    case 'caller':
      return <>{t('actor.caller')}</>
    case 'policy':
      return <>{t('actor.policy')}</>
    case 'clock':
      return <>{t('actor.clock')}</>
    default:
      return <>{t('actor.system')}</>
  }
}
