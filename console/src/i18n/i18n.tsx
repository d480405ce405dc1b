/** The language of the page: Lingui with catalogues that are compiled while building and loaded one at a time. */
import { type Messages, setupI18n } from '@lingui/core'
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from 'react'
import type english from './en.json'

export type MessageId = keyof typeof english
export type Values = Readonly<Record<string, string | number | Date>>
/** Says a message of the catalogue. */
export type Translate = (id: MessageId, values?: Values) => string

/** Says a message whose key the gateway chose; nothing where we do not have it. */
export type Say = (id: string, values?: Values) => string

export const LOCALES = ['en', 'ru', 'kk'] as const
export type Locale = (typeof LOCALES)[number]
/** Each in its own language: whoever looks for it reads it. */
export const LOCALE_NAMES: Readonly<Record<Locale, string>> = {
  en: 'English',
  ru: 'Русский',
  kk: 'Қазақша',
}

const LOADERS: Readonly<Record<Locale, () => Promise<{ default: unknown }>>> = {
  en: () => import('./en.json'),
  ru: () => import('./ru.json'),
  kk: () => import('./kk.json'),
}
const STORED = 'tamga.locale'
const i18n = setupI18n()

interface Language {
  readonly locale: Locale
  readonly t: Translate
  /** The message of an id that may not be in the catalogue, as of a code that a newer gateway sends; else the fallback. */
  readonly maybe: (id: string, fallback: string) => string
  /** The word for a value of a list that grows with the gateway, as a hold's reason; the bare value where we have none yet. */
  readonly word: (kind: 'reason' | 'proof' | 'role', value: string) => string
  readonly say: Say
  readonly setLocale: (locale: Locale) => void
}

const LanguageContext = createContext<Language | undefined>(undefined)

/** The one chosen before, else the first of the browser's languages that we speak. */
export function preferredLocale(): Locale {
  const wanted = [localStorage.getItem(STORED), ...navigator.languages].map((tag) => tag?.slice(0, 2))
  return (
    LOCALES.find((locale) => locale === wanted.find((tag) => LOCALES.some((known) => known === tag))) ?? 'en'
  )
}

export async function loadLocale(locale: Locale): Promise<void> {
  const catalogue = await LOADERS[locale]()
  i18n.loadAndActivate({ locale, messages: catalogue.default as Messages })
  document.documentElement.lang = locale
}

/** `initial` has been loaded. */
export function LanguageProvider({ initial, children }: { initial: Locale; children: ReactNode }) {
  const [locale, setActive] = useState(initial)
  const setLocale = useCallback((next: Locale) => {
    localStorage.setItem(STORED, next)
    void loadLocale(next).then(() => setActive(next))
  }, [])
  const language = useMemo<Language>(
    () => ({
      locale,
      t: (id, values) => i18n._(id, values),
      maybe: (id, fallback) => (i18n.messages[id] === undefined ? fallback : i18n._(id)),
      word: (kind, value) =>
        i18n.messages[`${kind}.${value}`] === undefined ? value : i18n._(`${kind}.${value}`),
      say: (id, values) => (i18n.messages[id] === undefined ? '' : i18n._(id, values)),
      setLocale,
    }),
    [locale, setLocale],
  )
  useEffect(() => {
    document.documentElement.lang = locale
  }, [locale])
  return <LanguageContext value={language}>{children}</LanguageContext>
}

export function useLanguage(): Language {
  const language = use(LanguageContext)
  if (language === undefined) throw new Error('no LanguageProvider above')
  return language
}

export function useT(): Translate {
  return useLanguage().t
}
