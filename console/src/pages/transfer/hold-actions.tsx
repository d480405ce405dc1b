/** What this person may do with a hold now. What they may not do is said too, with the reason. */
import type { Schemas } from '../../api/client.ts'
import { useLanguage } from '../../i18n/i18n.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon, type IconName } from '../../ui/icon.tsx'
import type { Form } from '../searches.ts'
import { useOpenForm } from './case-keys.ts'

type Action = Schemas['Action']

/** In this order; the first that may be done is the view's primary one. */
const DECISIONS = ['approve', 'release', 'propose', 'reject'] as const
const REST = ['withdraw', 'assign', 'escalate', 'comment', 'break-glass'] as const
const ICONS: Readonly<Record<(typeof DECISIONS)[number] | (typeof REST)[number], IconName>> = {
  approve: 'check',
  release: 'check',
  propose: 'people',
  reject: 'stop',
  withdraw: 'cross',
  assign: 'person',
  escalate: 'flag',
  comment: 'note',
  'break-glass': 'alert',
}

export function HoldActions({ hold }: { hold: Schemas['Hold']; transfer: Schemas['TransferItem'] }) {
  const { t, maybe } = useLanguage()
  const open = useOpenForm()
  const may = (name: Form) => hold.actions.some(({ action, allowed }) => action === name && allowed)
  const primary = DECISIONS.find((name) => name !== 'reject' && may(name))
  const denied = hold.actions.filter(isDeniedDecision)
  return (
    <footer className="hold-actions">
      <div className="buttons">
        {[...DECISIONS, ...REST].filter(may).map((name) => (
          <Button
            key={name}
            look={
              name === primary ? 'primary' : name === 'reject' || name === 'break-glass' ? 'danger' : 'plain'
            }
            icon={ICONS[name]}
            onPress={() => open(name, hold.id)}
          >
            {t(`action.${name}`)}
          </Button>
        ))}
      </div>
      {denied.length > 0 && (
        <ul className="denied">
          {denied.map(({ action, why }) => (
            <li key={action}>
              <Icon name="policy" size={14} />
              {t('action.denied', {
                action: t(`action.${action}`),
                why: maybe(`problem.${why}`, why ?? ''),
              })}
            </li>
          ))}
        </ul>
      )}
    </footer>
  )
}

/** Only where it helps to know: that a decision is somebody else's. */
function isDeniedDecision({ action, allowed, why }: Action): boolean {
  return !allowed && why !== null && why !== 'NOT_NOW' && DECISIONS.some((name) => name === action)
}
