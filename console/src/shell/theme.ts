/** Light, dark, or as the system says. */
import { useSyncExternalStore } from 'react'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const STORED = 'tamga.theme'

export function storedTheme(): Theme {
  return THEMES.find((theme) => theme === localStorage.getItem(STORED)) ?? 'system'
}

export function applyTheme(theme: Theme = storedTheme()): void {
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
}

export function setTheme(theme: Theme): void {
  localStorage.setItem(STORED, theme)
  applyTheme(theme)
}

const isDark = matchMedia('(prefers-color-scheme: dark)')

function subscribe(listener: () => void): () => void {
  const watching = new MutationObserver(listener)
  watching.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  isDark.addEventListener('change', listener)
  return () => {
    watching.disconnect()
    isDark.removeEventListener('change', listener)
  }
}

/** What is in force, for what cannot follow the style sheet by itself. */
export function useThemeChange(): string {
  return useSyncExternalStore(
    subscribe,
    () => document.documentElement.dataset['theme'] ?? (isDark.matches ? 'dark' : 'light'),
  )
}
