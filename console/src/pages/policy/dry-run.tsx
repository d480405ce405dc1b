/** What a policy would have done with past transfers: how many would be decided otherwise, and which. */
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { answer, api, type Schemas } from '../../api/client.ts'
import { useFormat } from '../../i18n/format.ts'
import { useLanguage, useT } from '../../i18n/i18n.tsx'
import { Chip } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Problems } from './problems.tsx'

const TRANSFERS = 500

interface Props {
  readonly text: string
  readonly isDisabled?: boolean
  /** Where the fields stand on the page: what is wrong with the text that was tried. */
  readonly onRefused?: (error: unknown, tried: string) => void
  readonly onGo?: (at: string) => void
}

export function DryRun({ text, isDisabled = false, onRefused, onGo }: Props) {
  const t = useT()
  const trying = useMutation({
    mutationFn: (tried: string) =>
      answer(api.POST('/api/policy/dry-run', { body: { text: tried, transfers: TRANSFERS } })),
    onError: (error, tried) => onRefused?.(error, tried),
  })
  const isOld = trying.variables !== undefined && trying.variables !== text
  return (
    <div className="dry-run">
      <div className="buttons">
        <Button icon="search" onPress={() => trying.mutate(text)} isDisabled={isDisabled || trying.isPending}>
          {t('dryRun.try')}
        </Button>
        <span className="hint">{t('dryRun.hint', { count: TRANSFERS })}</span>
      </div>
      <div role="status">
        {trying.isPending && <p className="quiet">{t('dryRun.trying')}</p>}
        {trying.data && !trying.isPending && (isOld ? <Outdated /> : <Result result={trying.data} />)}
      </div>
      {trying.error && !isOld && <Problems error={trying.error} {...(onGo && { onGo })} />}
    </div>
  )
}

function Outdated() {
  const t = useT()
  return <p className="quiet">{t('dryRun.outdated')}</p>
}

function Result({ result }: { result: Schemas['DryRun'] }) {
  const { t } = useLanguage()
  const format = useFormat()
  return (
    <>
      <dl className="stats">
        <Stat name={t('dryRun.judged')} value={format.number(result.transfers - result.unknown)} />
        <Stat name={t('dryRun.more')} value={format.number(result.more)} />
        <Stat name={t('dryRun.fewer')} value={format.number(result.fewer)} />
        <Stat
          name={t('dryRun.held')}
          value={t('dryRun.nowThen', { now: result.heldNow, later: result.heldThen })}
        />
        <Stat
          name={t('dryRun.twoPersons')}
          value={t('dryRun.nowThen', { now: result.twoPersonsNow, later: result.twoPersonsThen })}
        />
      </dl>
      {result.unknown > 0 && <p className="pad quiet">{t('dryRun.unknown', { count: result.unknown })}</p>}
      {result.more === 0 && result.fewer === 0 && <p className="pad">{t('dryRun.same')}</p>}
      <Examples title={t('dryRun.moreExamples')} count={result.more} examples={result.moreExamples} />
      <Examples title={t('dryRun.fewerExamples')} count={result.fewer} examples={result.fewerExamples} />
    </>
  )
}

function Stat({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function Examples({
  title,
  count,
  examples,
}: {
  title: string
  count: number
  examples: readonly Schemas['DryRunExample'][]
}) {
  const { t, word } = useLanguage()
  if (examples.length === 0) return null
  return (
    <>
      <h3>{title}</h3>
      <ul className="examples">
        {examples.map(({ transferId, reference, reasons }) => (
          <li key={transferId}>
            <Link to="/transfers/$id" params={{ id: transferId }} className="mono" title={transferId}>
              {reference ?? `${transferId.slice(0, 8)}…${transferId.slice(-4)}`}
            </Link>
            <span className="flags">
              {reasons.map((reason) => (
                <Chip key={reason} tone="warn">
                  {word('reason', reason)}
                </Chip>
              ))}
            </span>
          </li>
        ))}
      </ul>
      {count > examples.length && (
        <p className="quiet small">{t('dryRun.notAll', { count: count - examples.length })}</p>
      )}
    </>
  )
}
