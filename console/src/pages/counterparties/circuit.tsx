/** Whether it answers: its circuit breaker, since when, and when it is pinged next. */
import type { Schemas } from '../../api/client.ts'
import { useFormat } from '../../i18n/format.ts'
import { useT } from '../../i18n/i18n.tsx'
import { Chip, Moment, Notice, type Tone } from '../../ui/bits.tsx'
import type { IconName } from '../../ui/icon.tsx'
import { useNow } from '../../ui/now.ts'

type State = Schemas['Circuit']

const LOOKS: Readonly<Record<State['condition'], readonly [Tone, IconName]>> = {
  unsuspected: ['go', 'check'],
  suspected: ['warn', 'clock'],
  silent: ['stop', 'wifiOff'],
}

export function CircuitChip({ circuit: { condition } }: { circuit: State }) {
  const t = useT()
  const [tone, icon] = LOOKS[condition]
  return (
    <Chip tone={tone} icon={icon}>
      {t(`circuit.${condition}`)}
    </Chip>
  )
}

/** Nothing where there is nothing to be told of. */
export function CircuitNotice({ circuit }: { circuit: State }) {
  const t = useT()
  const { condition, since, nextPingAt } = circuit
  return (
    // Said when it changes, without being asked.
    <div role="status">
      {condition !== 'unsuspected' && (
        <Notice tone={LOOKS[condition][0]} icon={LOOKS[condition][1]}>
          <p className="strong">
            {t(`circuit.${condition}.title`)} {since && <Moment at={since} full />}
          </p>
          <p>{t(`circuit.${condition}.text`)}</p>
          {nextPingAt && <NextPing at={nextPingAt} />}
        </Notice>
      )}
    </div>
  )
}

/** Changes every second: not for assistive technology to read aloud. */
function NextPing({ at }: { at: string }) {
  const t = useT()
  const format = useFormat()
  const left = Date.parse(at) - useNow()
  return (
    <p className="quiet small" aria-live="off">
      {left > 0 ? t('circuit.next', { span: format.span(left) }) : t('circuit.now')}
    </p>
  )
}
