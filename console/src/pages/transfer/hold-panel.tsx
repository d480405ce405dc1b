/** One hold: why, what the check found, until when, what was said about it, and what this person may do about it now. */
import type { Schemas } from '../../api/client.ts'
import { useLanguage } from '../../i18n/i18n.tsx'
import { Ago, Chip, Countdown, Moment, Notice, Section } from '../../ui/bits.tsx'
import { Icon } from '../../ui/icon.tsx'
import { PersonName } from '../../ui/transfer-bits.tsx'
import { HoldActions } from './hold-actions.tsx'

type Hold = Schemas['Hold']

export function HoldPanel({ hold, transfer }: { hold: Hold; transfer: Schemas['TransferItem'] }) {
  const { t, maybe, word } = useLanguage()
  return (
    <article
      className={hold.overdue ? 'hold late' : 'hold'}
      data-hold={hold.id}
      aria-labelledby={`hold-${hold.id}`}
    >
      <header>
        <div>
          <h2 id={`hold-${hold.id}`}>
            <Icon name="hold" /> {word('reason', hold.reason)}
          </h2>
          <p className="quiet">{maybe(`reason.${hold.reason}.text`, '')}</p>
        </div>
        <div className="hold-clock">
          <Countdown to={hold.deadline} overdue={hold.overdue} />
          <span className="quiet tiny">
            {t(hold.overdue ? 'outcome.overdue' : `outcome.${hold.outcomeAtDeadline}`)}
          </span>
        </div>
      </header>
      <dl className="hold-facts">
        <div>
          <dt>{t('hold.finding')}</dt>
          <dd>
            {maybe(`finding.${hold.finding.code}`, hold.finding.message)}{' '}
            <code className="code">{hold.finding.code}</code>
            {hold.finding.path && <code className="code">{hold.finding.path}</code>}
          </dd>
        </div>
        <div>
          <dt>{t('hold.opened')}</dt>
          <dd>
            <Moment at={hold.openedAt} /> (<Ago at={hold.openedAt} />)
          </dd>
        </div>
        <div>
          <dt>{t('hold.with')}</dt>
          <dd className="flags">
            {hold.assignee ? (
              <PersonName person={hold.assignee} />
            ) : (
              <span className="quiet">{t('assignee.none')}</span>
            )}
            {hold.level === 'mlro' && (
              <Chip tone="accent" icon="flag">
                {t('hold.escalated')}
              </Chip>
            )}
          </dd>
        </div>
        <div>
          <dt>{t('hold.persons')}</dt>
          <dd>{t('hold.approvals', { count: hold.approvalsRequired })}</dd>
        </div>
      </dl>
      {hold.proposal && <ProposalBox proposal={hold.proposal} />}
      <Notes notes={hold.notes} />
      <HoldActions hold={hold} transfer={transfer} />
    </article>
  )
}

/** The second person sees the first one's reasons, not a blank tick. */
function ProposalBox({ proposal }: { proposal: Schemas['Proposal'] }) {
  const { t, maybe } = useLanguage()
  return (
    <Notice tone="accent" icon="people">
      <p className="strong">
        {t('proposal.title', { name: proposal.proposer.name ?? proposal.proposer.subject })}
        {': '}
        {maybe(`releaseReason.${proposal.reason}`, proposal.reason)}
      </p>
      <blockquote>{proposal.note}</blockquote>
      <p className="quiet small waits">
        <Moment at={proposal.proposedAt} />
        <span>·</span>
        {t('proposal.expires')} <Countdown to={proposal.expiresAt} />
      </p>
    </Notice>
  )
}

function Notes({ notes }: { notes: readonly Schemas['HoldNote'][] }) {
  const { t } = useLanguage()
  if (notes.length === 0) return null
  return (
    <ul className="notes" aria-label={t('hold.notes')}>
      {notes.map((note) => (
        <li key={note.id}>
          <p className="note-head">
            <Icon name="note" size={14} />
            <strong>
              <PersonName person={note.person} />
            </strong>
            <span className="quiet tiny">
              <Ago at={note.at} />
            </span>
          </p>
          <p className="note-text">{note.text}</p>
        </li>
      ))}
    </ul>
  )
}

export function EndedHolds({ holds }: { holds: readonly Hold[] }) {
  const { t, maybe, word } = useLanguage()
  return (
    <Section title={t('case.endedHolds')}>
      <ul className="ended">
        {holds.map((hold) => (
          <li key={hold.id}>
            <span className="strong">{word('reason', hold.reason)}</span>
            <Chip
              tone={
                hold.state === 'released' || hold.state === 'resolved'
                  ? 'go'
                  : hold.state === 'rejected'
                    ? 'stop'
                    : 'calm'
              }
            >
              {t(`holdState.${hold.state}`)}
            </Chip>
            <span className="quiet small">
              {hold.endReason &&
                maybe(
                  `releaseReason.${hold.endReason}`,
                  maybe(`rejectReason.${hold.endReason}`, hold.endReason),
                )}
              {hold.endedAt && (
                <>
                  {' · '}
                  <Moment at={hold.endedAt} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
