/** How a transfer, a decision, a state and a person are named everywhere. */
import type { Schemas } from '../api/client.ts'
import { useFormat } from '../i18n/format.ts'
import { useT } from '../i18n/i18n.tsx'
import { assetSymbol } from './asset.ts'
import { Chip, type Tone } from './bits.tsx'
import { Icon, type IconName } from './icon.tsx'

type Brief = Schemas['TransferBrief']

export function Amount({ transfer }: { transfer: Pick<Brief, 'amount' | 'asset' | 'fiat'> }) {
  const format = useFormat()
  return (
    <span className="amount">
      <span>
        {format.decimal(transfer.amount)} <span className="asset">{assetSymbol(transfer.asset)}</span>
      </span>
      {transfer.fiat && (
        <span className="quiet tiny">≈ {format.money(transfer.fiat.amount, transfer.fiat.currency)}</span>
      )}
    </span>
  )
}

export function Direction({ of }: { of: Brief['direction'] }) {
  const t = useT()
  return (
    <span className={`direction ${of}`} title={t(`direction.${of}`)}>
      <Icon name={of === 'outbound' ? 'out' : 'in'} size={14} />
      <span className="visually-hidden">{t(`direction.${of}`)}</span>
    </span>
  )
}

/** The caller's reference, else the end of the id: its beginning is the time, and the same for all of a minute. */
export function referenceOf({ reference, id }: Pick<Brief, 'reference' | 'id'>): string {
  return reference ?? `…${id.slice(-8)}`
}

export function CounterpartyName({ counterparty }: { counterparty: Brief['counterparty'] }) {
  const t = useT()
  if (counterparty === null) return <span className="quiet">{t('counterparty.unknown')}</span>
  return <bdi>{counterparty.legalName ?? counterparty.id}</bdi>
}

const DECISIONS: Readonly<Record<Schemas['Decision'], { tone: Tone; icon: IconName }>> = {
  PROCEED: { tone: 'go', icon: 'check' },
  WAIT: { tone: 'warn', icon: 'hold' },
  STOP: { tone: 'stop', icon: 'stop' },
}

export function DecisionChip({ decision }: { decision: Schemas['Decision'] }) {
  const t = useT()
  const { tone, icon } = DECISIONS[decision]
  return (
    <Chip tone={tone} icon={icon}>
      {t(`decision.${decision}`)}
    </Chip>
  )
}

const VERDICTS: Readonly<Record<Schemas['Verdict'], { tone: Tone; icon: IconName }>> = {
  VERIFIED: { tone: 'go', icon: 'check' },
  UNVERIFIED: { tone: 'warn', icon: 'alert' },
  SUSPENDED: { tone: 'stop', icon: 'stop' },
  UNKNOWN: { tone: 'calm', icon: 'search' },
}

export function VerdictChip({ verdict }: { verdict: Schemas['Verdict'] }) {
  const t = useT()
  const { tone, icon } = VERDICTS[verdict]
  return (
    <Chip tone={tone} icon={icon}>
      {t(`verdict.${verdict}`)}
    </Chip>
  )
}

export function PersonName({ person }: { person: Schemas['Person'] }) {
  return <bdi title={person.subject}>{person.name ?? person.subject}</bdi>
}
