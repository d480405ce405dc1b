/** `a`, `r`, `d`, `e`, `c` open the form for the hold that is looked at. Nothing is decided by a key alone. */
import { useNavigate } from '@tanstack/react-router'
import type { Schemas } from '../../api/client.ts'
import { useShortcuts } from '../../shell/shortcuts.ts'
import type { Form } from '../searches.ts'

export function useCaseKeys({ holds }: Schemas['TransferDetail']): void {
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
