/** What has changed since the person looked: entries of the timeline that were not there when the page opened. */
import { useState } from 'react'
import type { Schemas } from '../../api/client.ts'
import { useT } from '../../i18n/i18n.tsx'
import { useSession } from '../../shell/session.ts'
import { Notice } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { EntryTitle } from './timeline-words.tsx'

type Entry = Schemas['TimelineEntry']

export interface Baseline {
  /** Newest first. */
  readonly news: readonly Entry[]
  readonly isNew: (entry: Entry) => boolean
  /** The person has seen all that is there now. */
  readonly accept: () => void
  /** The next change is the person's own doing. */
  readonly expect: () => void
}

export function useBaseline({ transfer, timeline }: Schemas['TransferDetail']): Baseline {
  const [seen, setSeen] = useState(() => new Set(timeline.map(({ id }) => id)))
  const [ownAfter, setOwnAfter] = useState<number>()
  const accept = () => setSeen(new Set(timeline.map(({ id }) => id)))
  // Our own step raised the version: what came with it is no news to us.
  if (ownAfter !== undefined && transfer.version !== ownAfter) {
    setOwnAfter(undefined)
    accept()
  }
  const { person } = useSession()
  const isNew = (entry: Entry) => !seen.has(entry.id) && entry.person?.subject !== person.subject
  const news = timeline.filter(isNew).toSorted((a, b) => b.at.localeCompare(a.at))
  return { news, isNew, accept, expect: () => setOwnAfter(transfer.version) }
}

export function ChangedNotice({ baseline }: { baseline: Baseline }) {
  const t = useT()
  const { news, accept } = baseline
  return (
    <div role="status">
      {news.length > 0 && (
        <Notice tone="accent" icon="eye">
          <p className="strong">{t('changed.title', { count: news.length })}</p>
          <ul className="news">
            {news.slice(0, 3).map((entry) => (
              <li key={entry.id}>
                <EntryTitle entry={entry} />
              </li>
            ))}
          </ul>
          <Button look="quiet" icon="check" onPress={accept}>
            {t('changed.accept')}
          </Button>
        </Notice>
      )}
    </div>
  )
}
