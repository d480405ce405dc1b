/** The form of an action. What follows is spelt out before it is sent, and it is sent only for what the person was shown. */
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Schemas } from '../../api/client.ts'
import { useT } from '../../i18n/i18n.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import type { Form } from '../searches.ts'
import { AssignForm } from './assign-form.tsx'
import { DecideForm } from './decide-form.tsx'
import type { Act } from './use-act.ts'

const route = getRouteApi('/house/transfers/$id')

interface Props {
  readonly detail: Schemas['TransferDetail']
  readonly onDone: () => void
}

export function ActionForm({ detail, onDone }: Props) {
  const t = useT()
  const navigate = useNavigate()
  const { hold: holdId, act } = route.useSearch()
  const hold = detail.holds.find(({ id }) => id === holdId)
  const action = useOpened(act && `${act} ${holdId}`, act && actionOf(act, hold, detail))
  const close = () =>
    void navigate({
      to: '.',
      search: holdId === undefined ? {} : { hold: holdId },
      replace: true,
      resetScroll: false,
    })
  return (
    <Dialog title={act ? t(`form.${act}`) : ''} isOpen={action !== undefined} onClose={close} width="wide">
      {act && action && (
        <Bound
          key={`${act} ${holdId}`}
          detail={detail}
          hold={hold}
          act={act}
          action={action}
          onClose={close}
          onDone={onDone}
        />
      )}
    </Dialog>
  )
}

type Action = Schemas['Action']

/**
 * The action as it was when the form opened. If somebody's change takes it away meanwhile, the form stays, with what was written in it, and
 * says so.
 */
function useOpened(key: string | undefined, action: Action | undefined): Action | undefined {
  const [opened, setOpened] = useState<{ readonly key: string; readonly action: Action }>()
  if (key !== undefined && action !== undefined && opened?.key !== key) setOpened({ key, action })
  if (key === undefined && opened !== undefined) setOpened(undefined)
  return opened?.key === key ? opened?.action : undefined
}

/** `release` from a link or a key also means what it comes to here: a proposal, or the second person's approval. */
function actionOf(act: Form, hold: Schemas['Hold'] | undefined, detail: Schemas['TransferDetail']) {
  const actions = act === 'hold' ? detail.actions : (hold?.actions ?? [])
  const wanted = act === 'release' ? ['approve', 'release', 'propose'] : [act]
  return actions.find(({ action, allowed }) => allowed && wanted.includes(action))
}

interface BoundProps extends Props {
  readonly hold: Schemas['Hold'] | undefined
  readonly act: Form
  readonly action: Action
  readonly onClose: () => void
}

/** Remembers what was shown when the form opened. */
function Bound({ detail, hold, act, action, onClose, onDone }: BoundProps) {
  const [seen] = useState({ hold, transfer: detail.transfer })
  const isChanged =
    hold?.seenHash !== seen.hold?.seenHash ||
    (hold === undefined && detail.transfer.version !== seen.transfer.version)
  const bound: Act = {
    transferId: detail.transfer.id,
    holdId: seen.hold?.id,
    seen: seen.hold?.seenHash ?? String(seen.transfer.version),
    onDone() {
      onDone()
      onClose()
    },
  }
  if (act === 'assign')
    return (
      <AssignForm
        act={bound}
        assignee={seen.hold?.assignee ?? null}
        isChanged={isChanged}
        onClose={onClose}
      />
    )
  return <DecideForm act={bound} action={action} hold={seen.hold} isChanged={isChanged} onClose={onClose} />
}
