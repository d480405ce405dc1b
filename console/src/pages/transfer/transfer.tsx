/** One transfer: where it stands, why it waits, what may be done now, and everything that was said and checked. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { Schemas } from '../../api/client.ts'
import { transfer as transferQuery } from '../../api/queries.ts'
import { useT } from '../../i18n/i18n.tsx'
import { Failed, Loading } from '../../ui/state.tsx'
import { ActionForm } from './action-form.tsx'
import { AlsoHere } from './also-here.tsx'
import { Aside } from './aside.tsx'
import { useCaseKeys } from './case-keys.ts'
import { ChangedNotice, useBaseline } from './changed.tsx'
import { Comparison } from './comparison.tsx'
import { TransferHead } from './head.tsx'
import { EndedHolds, HoldPanel } from './hold-panel.tsx'
import { RevealProvider } from './reveal.tsx'
import { Timeline } from './timeline.tsx'
import { Tracks } from './tracks.tsx'

const route = getRouteApi('/house/transfers/$id')

export function TransferPage() {
  const { id } = route.useParams()
  const detail = useQuery(transferQuery(id))
  if (detail.isPending) return <Loading rows={10} />
  if (detail.data === undefined) return <Failed error={detail.error} onRetry={() => void detail.refetch()} />
  return <Case key={id} detail={detail.data} />
}

function Case({ detail }: { detail: Schemas['TransferDetail'] }) {
  const t = useT()
  const { transfer, holds } = detail
  const baseline = useBaseline(detail)
  const open = holds.filter(({ state }) => state === 'open')
  const ended = holds.filter(({ state }) => state !== 'open')
  useCaseKeys(detail)
  return (
    <RevealProvider transferId={transfer.id}>
      <TransferHead detail={detail} />
      <AlsoHere transferId={transfer.id} />
      <ChangedNotice baseline={baseline} />
      <Tracks detail={detail} />
      <div className="case">
        <div className="case-main">
          {open.length > 0 && (
            <section aria-label={t('case.openHolds', { count: open.length })}>
              {open.map((hold) => (
                <HoldPanel key={hold.id} hold={hold} transfer={transfer} />
              ))}
            </section>
          )}
          <Comparison detail={detail} />
          <Timeline detail={detail} isNew={baseline.isNew} />
          {ended.length > 0 && <EndedHolds holds={ended} />}
        </div>
        <Aside detail={detail} />
      </div>
      <ActionForm detail={detail} onDone={baseline.expect} />
    </RevealProvider>
  )
}
