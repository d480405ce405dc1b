/** A version that waits for a second person: what it changes, what it would have done, and the decision. */
import { useState } from 'react'
import type { Schemas } from '../../api/client.ts'
import { useLanguage, useT } from '../../i18n/i18n.tsx'
import { Ago, Notice, Section } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { toast } from '../../ui/toast.tsx'
import { PersonName } from '../../ui/transfer-bits.tsx'
import { Difference } from './difference.tsx'
import { DryRun } from './dry-run.tsx'
import { Problems } from './problems.tsx'
import { usePolicyAct } from './use-policy-act.ts'

type Page = Schemas['PolicyPage']
type Version = Schemas['PolicyVersion']
const ACTS = ['approve-policy', 'withdraw-policy'] as const
type Act = (typeof ACTS)[number]

export function Proposed({ page, proposed }: { page: Page; proposed: Version }) {
  const { t, maybe } = useLanguage()
  const [opened, setOpened] = useState<{ readonly act: Act; readonly seen: string }>()
  const offered = page.actions.filter(({ action }) => ACTS.some((act) => act === action))
  const mayTry = page.actions.some(
    ({ action, why }) => action === 'propose-policy' && why !== 'PERSON_DENIED',
  )
  return (
    <Section title={t('policy.proposed', { version: proposed.version })}>
      <p className="pad quiet">
        {t('policy.proposedBy')} <PersonName person={proposed.author} /> · <Ago at={proposed.proposedAt} />
      </p>
      <Difference before={page.inForce.text} after={proposed.text} />
      {mayTry && <DryRun text={proposed.text} />}
      <footer className="hold-actions">
        <div className="buttons">
          {ACTS.filter((act) => offered.some(({ action, allowed }) => action === act && allowed)).map(
            (act) => (
              <Button
                key={act}
                look={act === 'approve-policy' ? 'primary' : 'plain'}
                icon={act === 'approve-policy' ? 'check' : 'cross'}
                onPress={() => setOpened({ act, seen: page.etag })}
              >
                {t(`action.${act}`)}
              </Button>
            ),
          )}
        </div>
        <ul className="denied">
          {offered
            .filter(({ allowed }) => !allowed)
            .map(({ action, why }) => (
              <li key={action}>
                <Icon name="policy" size={14} />
                {t('action.denied', {
                  action: maybe(`action.${action}`, action),
                  why: maybe(`problem.${why}`, why ?? ''),
                })}
              </li>
            ))}
        </ul>
      </footer>
      <Dialog
        title={opened ? t(`form.${opened.act}`) : ''}
        isOpen={opened !== undefined}
        onClose={() => setOpened(undefined)}
      >
        {opened && (
          <Confirm
            {...opened}
            version={proposed.version}
            isStale={opened.seen !== page.etag}
            onClose={() => setOpened(undefined)}
          />
        )}
      </Dialog>
    </Section>
  )
}

interface ConfirmProps {
  readonly act: Act
  readonly seen: string
  readonly version: number
  readonly isStale: boolean
  readonly onClose: () => void
}

function Confirm({ act, seen, version, isStale, onClose }: ConfirmProps) {
  const t = useT()
  const sending = usePolicyAct(seen)
  const name = act === 'approve-policy' ? 'approve' : 'withdraw'
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        sending.mutate(
          { action: act, version },
          {
            onSuccess() {
              toast(t(`done.${act}`))
              onClose()
            },
          },
        )
      }}
    >
      <Notice tone={name === 'approve' ? 'warn' : 'calm'} icon={name === 'approve' ? 'alert' : 'right'}>
        <p>{t(`consequence.policy.${name}`)}</p>
      </Notice>
      {isStale && !sending.error && (
        <Notice tone="warn" icon="eye">
          <p className="strong">{t('policy.stale')}</p>
        </Notice>
      )}
      {sending.error && <Problems error={sending.error} />}
      <footer className="dialog-actions">
        <Button onPress={onClose}>{t('common.cancel')}</Button>
        <Button
          type="submit"
          look="primary"
          isDisabled={isStale || sending.isPending || sending.error !== null}
        >
          {t(`send.${act}`)}
        </Button>
      </footer>
    </form>
  )
}
