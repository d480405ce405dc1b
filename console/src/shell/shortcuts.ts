/**
 * Single-key shortcuts. They open and move, they never decide; they can be switched off (WCAG 2.1.4), and rest while somebody types or a
 * dialog is open.
 */
import { useEffectEvent, useLayoutEffect, useSyncExternalStore } from 'react'

export type Keys = Readonly<Record<string, () => void>>

const STORED = 'tamga.shortcuts'
const listeners = new Set<() => void>()

function shortcutsOn(): boolean {
  return localStorage.getItem(STORED) !== 'off'
}

export function setShortcuts(on: boolean): void {
  localStorage.setItem(STORED, on ? 'on' : 'off')
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useShortcutsOn(): boolean {
  return useSyncExternalStore(subscribe, shortcutsOn)
}

/** Listens from the moment at which the page shows what the keys act on: a layout effect, since a key can be faster than the next frame. */
export function useShortcuts(keys: Keys): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    const action = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined
    if (action === undefined || !shortcutsOn() || isBusy(event)) return
    event.preventDefault()
    action()
  })
  useLayoutEffect(() => {
    const listener = (event: KeyboardEvent) => press(event)
    document.addEventListener('keydown', listener)
    return () => document.removeEventListener('keydown', listener)
  }, [])
}

function isBusy(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing)
    return true
  if (document.querySelector('[role="dialog"], [role="menu"]') !== null) return true
  return (
    event.target instanceof Element &&
    event.target.closest('input:not([type="checkbox"]), textarea, select, [contenteditable]') !== null
  )
}
