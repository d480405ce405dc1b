/** Short news about what the person has just done: shown for a while, and read out. */
import { useSyncExternalStore } from 'react'
import { Icon, type IconName } from './icon.tsx'

interface Toast {
  readonly id: number
  readonly text: string
  readonly tone: 'go' | 'stop'
}

const SECONDS = 7
let toasts: readonly Toast[] = []
let next = 1
const listeners = new Set<() => void>()

function set(value: readonly Toast[]): void {
  toasts = value
  for (const listener of listeners) listener()
}

export function toast(text: string, tone: Toast['tone'] = 'go'): void {
  const id = next++
  set([...toasts, { id, text, tone }])
  setTimeout(() => set(toasts.filter((shown) => shown.id !== id)), SECONDS * 1000)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const ICONS: Readonly<Record<Toast['tone'], IconName>> = { go: 'check', stop: 'alert' }

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts)
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(({ id, text, tone }) => (
        <p key={id} className={`toast ${tone}`}>
          <Icon name={ICONS[tone]} />
          {text}
        </p>
      ))}
    </div>
  )
}
