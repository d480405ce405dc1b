/** What the other side sent beside what we hold, field by field. Masked until revealed; scripts and hidden characters show either way. */
import type { Schemas } from '../../api/client.ts'
import { useLanguage } from '../../i18n/i18n.tsx'
import { useMay } from '../../shell/session.ts'
import { Chip, Notice, Section, type Tone } from '../../ui/bits.tsx'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { RevealButton, useReveal } from './reveal.tsx'
import { Difference, HiddenMark, Shown } from './shown-text.tsx'

type Compared = Schemas['Comparison']
type Field = Schemas['ComparedField']

const PARTIES = ['originator', 'beneficiary', 'originating-vasp', 'beneficiary-vasp', 'other'] as const
const OUTCOMES: Readonly<Record<NonNullable<Compared['outcome']>, { tone: Tone; icon: IconName }>> = {
  match: { tone: 'go', icon: 'check' },
  review: { tone: 'warn', icon: 'eye' },
  mismatch: { tone: 'stop', icon: 'alert' },
}

export function Comparison({ detail }: { detail: Schemas['TransferDetail'] }) {
  const { t, maybe } = useLanguage()
  const mayReveal = useMay('reveal')
  const { comparison } = detail
  const outcome = comparison.outcome && OUTCOMES[comparison.outcome]
  const canReveal = mayReveal && comparison.available
  return (
    <Section title={t('comparison.title')} aside={canReveal && <RevealButton />}>
      {!comparison.available && (
        <p className="quiet pad">{t(comparison.shredded ? 'comparison.shredded' : 'comparison.none')}</p>
      )}
      {outcome && comparison.outcome && (
        <Notice tone={outcome.tone} icon={outcome.icon}>
          <p className="strong">{t(`comparison.${comparison.outcome}`)}</p>
          <ul className="reasons">
            {comparison.reasons.map(({ code, message }) => (
              <li key={code}>
                {maybe(`nameReason.${code}`, message)} <code className="code">{code}</code>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {comparison.available && !comparison.compared && (
        <p className="quiet pad small">{t('comparison.notCompared')}</p>
      )}
      {inOrder(comparison).map(({ party, fields }) => (
        <Party key={party} party={party} isCompared={comparison.compared} fields={fields} />
      ))}
      <Where detail={detail} />
    </Section>
  )
}

/** The compared ones first: they are why somebody looks. */
function inOrder({ fields, compared }: Compared) {
  const parties = PARTIES.map((party) => ({ party, fields: fields.filter((field) => field.party === party) }))
  const isCompared = (party: (typeof parties)[number]) => compared && hasHeld(party.fields)
  return [...parties.filter(isCompared), ...parties.filter((party) => !isCompared(party))]
}

function hasHeld(fields: readonly Field[]): boolean {
  return fields.some(({ held }) => held !== null)
}

/** Folded where there is nothing to see but dots: open with something to compare, something odd, or something revealed. */
function Party({
  party,
  fields,
  isCompared,
}: {
  party: Field['party']
  fields: readonly Field[]
  isCompared: boolean
}) {
  const { t } = useLanguage()
  const { fields: revealed } = useReveal()
  if (fields.length === 0) return null
  const isBeside = isCompared && hasHeld(fields)
  const isOpen = isBeside || fields.some(({ path, sent }) => revealed?.has(path) === true || isOdd(sent))
  return (
    <details className="party" open={isOpen}>
      <summary>
        {t(`party.${party}`)}{' '}
        <span className="quiet">{t('comparison.fields', { count: fields.length })}</span>
      </summary>
      <table className={isBeside ? 'compare' : 'compare single'}>
        <caption className="visually-hidden">{t(`party.${party}`)}</caption>
        <thead>
          <tr>
            <th scope="col">{t('comparison.field')}</th>
            <th scope="col">{t('comparison.sent')}</th>
            {isBeside && <th scope="col">{t('comparison.held')}</th>}
            {isBeside && <th scope="col">{t('comparison.verdict')}</th>}
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <FieldRow key={field.path} field={field} isBeside={isBeside} />
          ))}
        </tbody>
      </table>
    </details>
  )
}

function FieldRow({ field, isBeside }: { field: Field; isBeside: boolean }) {
  const { t, maybe } = useLanguage()
  const shown = useReveal().fields?.get(field.path)
  return (
    <tr className={`verdict-${field.verdict}`}>
      <th scope="row" title={field.path}>
        {maybe(`field.${field.label.split('.').at(-1)}`, field.label)}
      </th>
      <td data-label={t('comparison.sent')}>
        <Value masked={field.sent} shown={shown?.sent ?? null} other={shown?.held ?? null} />
      </td>
      {isBeside && (
        <td data-label={t('comparison.held')}>
          <Value masked={field.held} shown={shown?.held ?? null} other={shown?.sent ?? null} />
        </td>
      )}
      {isBeside && (
        <td data-label={t('comparison.verdict')}>
          <FieldVerdict verdict={field.verdict} />
        </td>
      )}
    </tr>
  )
}

type Masked = Schemas['MaskedValue']

function Value({
  masked,
  shown,
  other,
}: {
  masked: Masked | null
  shown: string | null
  other: string | null
}) {
  const { t } = useLanguage()
  if (masked === null) return <span className="quiet">{t('comparison.absent')}</span>
  return (
    <span className="value">
      {shown === null ? (
        <span className="masked">{masked.masked}</span>
      ) : other === null ? (
        <Shown text={shown} />
      ) : (
        <Difference text={shown} other={other} />
      )}
      <Marks masked={masked} />
    </span>
  )
}

const SCRIPTS_WITHOUT_MARK = new Set(['Zyyy', 'Zinh'])

function namedScripts({ scripts }: Masked): readonly string[] {
  return scripts.filter((script) => !SCRIPTS_WITHOUT_MARK.has(script))
}

/** Several scripts in one value, or characters that nobody sees. */
function isOdd(masked: Masked | null): boolean {
  return masked !== null && (masked.hidden.length > 0 || namedScripts(masked).length > 1)
}

/** The script is said where it is not plain Latin; several in one value, and characters that nobody sees, are warnings. */
function Marks({ masked }: { masked: Masked }) {
  const { t, maybe } = useLanguage()
  const { hidden } = masked
  const named = namedScripts(masked)
  const isMixed = named.length > 1
  if (hidden.length === 0 && !isMixed && (named[0] ?? 'Latn') === 'Latn') return null
  return (
    <span className="marks">
      {named.length > 0 && (
        <Chip tone={isMixed ? 'warn' : 'calm'} {...(isMixed && { icon: 'alert' as const })}>
          {named.map((script) => maybe(`script.${script}`, script)).join(' + ')}
        </Chip>
      )}
      {hidden.map((point) => (
        <HiddenMark key={point} point={point} label={t('comparison.hidden', { point })} />
      ))}
    </span>
  )
}

const VERDICTS: Readonly<Record<Field['verdict'], { tone: Tone; icon: IconName }>> = {
  equal: { tone: 'go', icon: 'check' },
  transliterated: { tone: 'go', icon: 'check' },
  reordered: { tone: 'go', icon: 'check' },
  partial: { tone: 'warn', icon: 'eye' },
  review: { tone: 'warn', icon: 'eye' },
  different: { tone: 'stop', icon: 'alert' },
  missing: { tone: 'warn', icon: 'search' },
  'not-comparable': { tone: 'calm', icon: 'hold' },
}

function FieldVerdict({ verdict }: { verdict: Field['verdict'] }) {
  const { t } = useLanguage()
  const { tone, icon } = VERDICTS[verdict]
  return (
    <span className={`field-verdict ${tone}`}>
      <Icon name={icon} size={14} />
      {t(`fieldVerdict.${verdict}`)}
    </span>
  )
}

/** Where the asset goes: confidential as well. */
function Where({ detail }: { detail: Schemas['TransferDetail'] }) {
  const { t } = useLanguage()
  const { fields } = useReveal()
  const text = (path: string, masked: string) => {
    const shown = fields?.get(path)
    return shown?.sent ?? shown?.held ?? masked
  }
  return (
    <table className="compare single">
      <caption>{t('where.title')}</caption>
      <tbody>
        <tr>
          <th scope="row">{t('where.destination')}</th>
          <td className="mono wrap">{text('destination', detail.destination)}</td>
        </tr>
        {detail.hasTag && (
          <tr>
            <th scope="row">{t('where.tag')}</th>
            <td className="mono">{text('tag', '••••')}</td>
          </tr>
        )}
        {detail.txId !== null && (
          <tr>
            <th scope="row">{t('where.txId')}</th>
            <td className="mono wrap">{text('txId', detail.txId)}</td>
          </tr>
        )}
      </tbody>
    </table>
  )
}
