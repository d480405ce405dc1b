/** `a`, `r`, `d`, `e`, `c` open the form for the hold that is looked at. Nothing is decided by a key alone. */
import { useNavigate } from '@tanstack/react-router'
import type { Schemas } from '../../api/client.ts'
import { useT } from '../../i18n/i18n.tsx'
import { type PageAction, useOfferActions } from '../../shell/page-actions.ts'
import { useShortcuts } from '../../shell/shortcuts.ts'
import { FORMS, type Form } from '../searches.ts'

export function useCaseKeys({ holds, actions }: Schemas['TransferDetail']): void {
  const open = useOpenForm()
  const first = holds.find(({ state }) => state === 'open')
  const form =
    (...wanted: Form[]) =>
    () => {
      const focused = document.activeElement?.closest<HTMLElement>('[data-hold]')?.dataset['hold']
      const hold = holds.find(({ id, state }) => id === focused && state === 'open') ?? first
      const action = hold?.actions.find(
        ({ action: name, allowed }) => allowed && wanted.some((known) => known === name),
      )
      const known = wanted.find((name) => name === action?.action)
      if (hold && known) open(known, hold.id)
    }
  useOfferActions(useNamedActions(first, transferHold(actions), open))
  useShortcuts({
    a: form('assign'),
    r: form('approve', 'release', 'propose'),
    d: form('reject'),
    e: form('escalate'),
    c: form('comment'),
  })
}

/** The open form is part of the address. */
export function useOpenForm(): (act: Form, hold?: string) => void {
  const navigate = useNavigate()
  return (act, hold) =>
    void navigate({ to: '.', search: hold === undefined ? { act } : { hold, act }, resetScroll: false })
}

function transferHold(actions: readonly Schemas['Action'][]): boolean {
  return actions.some(({ action, allowed }) => action === 'hold' && allowed)
}

/** What the palette offers here: the forms of the first open hold, and holding the transfer. */
function useNamedActions(
  hold: Schemas['Hold'] | undefined,
  mayHold: boolean,
  open: ReturnType<typeof useOpenForm>,
): readonly PageAction[] {
  const t = useT()
  const offered = FORMS.filter(
    (form) => hold?.actions.some(({ action, allowed }) => action === form && allowed) === true,
  )
  return [
    ...offered.map((form) => ({
      id: `act/${form}`,
      label: t(`form.${form}`),
      run: () => open(form, hold?.id),
    })),
    ...(mayHold ? [{ id: 'act/hold', label: t('form.hold'), run: () => open('hold') }] : []),
  ]
}
