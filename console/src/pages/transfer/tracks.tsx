/** Three things that are never mixed: the conversation of the VASPs, what may be done with the asset, and the work of people. */
import type { ReactNode } from 'react'
import type { Schemas } from '../../api/client.ts'
import { useFormat } from '../../i18n/format.ts'
import { useLanguage } from '../../i18n/i18n.tsx'
import { Countdown } from '../../ui/bits.tsx'
import { Icon, type IconName } from '../../ui/icon.tsx'

type Detail = Schemas['TransferDetail']
type Waits = Schemas['Waits']

const CASE_ICONS: Readonly<Record<Detail['tracks']['case']['state'], IconName>> = {
  none: 'check',
  open: 'hold',
  'second-eye': 'people',
  escalated: 'flag',
  ended: 'check',
}

export function Tracks({ detail }: { detail: Detail }) {
  const { t } = useLanguage()
  const { tracks, transfer } = detail
  const decisionTone = { PROCEED: 'go', WAIT: 'warn', STOP: 'stop' }[transfer.decision]
  return (
    <section className="tracks" aria-label={t('tracks.title')}>
      <Track title={t('tracks.exchange')} icon="transfer" state={t(`state.${tracks.exchange.state}`)}>
        <Path state={tracks.exchange.state} />
        <Waiting waits={tracks.exchange.waits} />
        {tracks.exchange.delivery !== 'none' && <p>{t(`delivery.${tracks.exchange.delivery}`)}</p>}
      </Track>
      <Track
        title={t('tracks.decision')}
        icon={transfer.decision === 'PROCEED' ? 'check' : transfer.decision === 'STOP' ? 'stop' : 'hold'}
        tone={decisionTone}
        state={t(`decision.${transfer.decision}`)}
      >
        <p>{t(`decision.${transfer.decision}.${transfer.direction}`)}</p>
        <Permit permit={tracks.decision.permit} />
        {tracks.decision.rejection && (
          <p>
            {t(`rejection.by.${tracks.decision.rejection.by}`)} <code>{tracks.decision.rejection.code}</code>
          </p>
        )}
      </Track>
      <Track
        title={t('tracks.case')}
        icon={CASE_ICONS[tracks.case.state]}
        state={t(`case.${tracks.case.state}`)}
      >
        <p>{t('case.openHolds', { count: tracks.case.openHolds })}</p>
        <Waiting waits={tracks.case.waits} />
      </Track>
    </section>
  )
}

interface TrackProps {
  readonly title: string
  readonly icon: IconName
  readonly state: string
  readonly tone?: string | undefined
  readonly children: ReactNode
}

function Track({ title, icon, state, tone = 'calm', children }: TrackProps) {
  return (
    <div className={`track ${tone}`}>
      <h2>{title}</h2>
      <p className="track-state">
        <Icon name={icon} /> {state}
      </p>
      <div className="track-text">{children}</div>
    </div>
  )
}

const STEPS = ['started', 'pending', 'accepted', 'completed'] as const
const REACHED: Readonly<Record<Schemas['ExchangeState'], number>> = {
  started: 0,
  pending: 1,
  review: 1,
  repair: 1,
  accepted: 2,
  completed: 3,
  rejected: -1,
  cancelled: -1,
  expired: -1,
}

/** How far the usual way has been gone; the state beside it says it in words. */
function Path({ state }: { state: Schemas['ExchangeState'] }) {
  const reached = REACHED[state]
  if (reached < 0) return null
  return (
    <span className="path" aria-hidden="true">
      {STEPS.map((step, at) => (
        <span key={step} className={at < reached ? 'done' : at === reached ? 'now' : ''} />
      ))}
    </span>
  )
}

function Waiting({ waits }: { waits: Waits }) {
  const { t, maybe } = useLanguage()
  if (waits.on === null && waits.until === null) return null
  return (
    <>
      {waits.on && <p>{t(`waits.${waits.on}`)}</p>}
      {waits.until && (
        <p className="waits">
          <Countdown to={waits.until} />
          {waits.outcome && <span className="quiet">{maybe(`outcome.${waits.outcome}`, waits.outcome)}</span>}
        </p>
      )}
    </>
  )
}

function Permit({ permit }: { permit: Detail['tracks']['decision']['permit'] }) {
  const { t } = useLanguage()
  const format = useFormat()
  if (permit === null) return null
  const at = (time: string) => format.short(new Date(time))
  return (
    <p>
      <Icon name="seal" size={14} />{' '}
      {permit.redeemedAt === null
        ? t('permit.open', { until: at(permit.expiresAt) })
        : t('permit.redeemed', { at: at(permit.redeemedAt) })}
    </p>
  )
}
