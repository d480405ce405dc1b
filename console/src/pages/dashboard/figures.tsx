/** Each figure with its definition, and a way to what was counted. */
import type { Schemas } from '../../api/client.ts'
import { useFormat } from '../../i18n/format.ts'
import { useLanguage } from '../../i18n/i18n.tsx'
import { RoutedLink } from '../../ui/routed-link.tsx'

type Figure = Schemas['Figure']

export function Figures({ figures }: { figures: readonly Figure[] }) {
  const { t } = useLanguage()
  return (
    <section className="figures" aria-label={t('dashboard.figures')}>
      {figures.map((figure) => (
        <FigureCard key={figure.id} figure={figure} />
      ))}
    </section>
  )
}

function FigureCard({ figure }: { figure: Figure }) {
  const { t, maybe } = useLanguage()
  const format = useFormat()
  const definition = maybe(`figure.${figure.id}.text`, '')
  return (
    <div className="figure">
      <h3>{maybe(`figure.${figure.id}`, figure.id)}</h3>
      <p className="figure-value">
        <FigureValue figure={figure} />
        {figure.of && (
          <span className="quiet tiny">
            {' '}
            {t('dashboard.of', {
              part: format.number(figure.of.part),
              whole: format.number(figure.of.whole),
            })}
          </span>
        )}
      </p>
      {definition !== '' && <p className="quiet tiny">{definition}</p>}
      {figure.list && (
        <p className="tiny figure-list">
          <RoutedLink path={figure.list}>
            {t('dashboard.list')}{' '}
            <span className="visually-hidden">{maybe(`figure.${figure.id}`, figure.id)}</span>
          </RoutedLink>
        </p>
      )}
    </div>
  )
}

function FigureValue({ figure: { value, unit } }: { figure: Figure }) {
  const { t } = useLanguage()
  const format = useFormat()
  if (value === null) return <span className="quiet">–</span>
  if (unit === 'ratio') return format.percent(value)
  if (unit === 'count') return format.number(value)
  return value < 1000 ? t('unit.ms', { ms: Math.round(value) }) : format.span(value)
}
