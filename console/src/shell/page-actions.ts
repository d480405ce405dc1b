/** What can be done on the page that is shown, for the palette to offer: pages say it, and take it back when they go. */
import { useEffect, useEffectEvent, useSyncExternalStore } from 'react'

export interface PageAction {
  readonly id: string
  readonly label: string
  readonly run: () => void
}

let shown: readonly PageAction[] = []
const listeners = new Set<() => void>()

function set(actions: readonly PageAction[]): void {
  shown = actions
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** One page at a time has any. */
export function useOfferActions(actions: readonly PageAction[]): void {
  const run = useEffectEvent((id: string) => actions.find((action) => action.id === id)?.run())
  const said = JSON.stringify(actions.map(({ id, label }) => [id, label]))
  useEffect(() => {
    const named = JSON.parse(said) as [string, string][]
    set(named.map(([id, label]) => ({ id, label, run: () => run(id) })))
    return () => set([])
  }, [said])
}

export function usePageActions(): readonly PageAction[] {
  return useSyncExternalStore(subscribe, () => shown)
}
