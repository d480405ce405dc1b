/** Signing in: a local account with its second factor, or the house's identity provider. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { answer, api } from '../../api/client.ts'
import { isProblem } from '../../api/problem.ts'
import { session, signInOptions } from '../../api/queries.ts'
import { LOCALE_NAMES, LOCALES, type Translate, useLanguage } from '../../i18n/i18n.tsx'
import { within } from '../../search.ts'
import { Mark, Notice } from '../../ui/bits.tsx'
import { Button, ButtonAnchor } from '../../ui/button.tsx'
import { Select, TextField } from '../../ui/field.tsx'
import { Failed } from '../../ui/state.tsx'

const route = getRouteApi('/sign-in')

/** How a sign-in by the provider can end without one (docs/console.md). */
const FAILURES = [
  'PROVIDER_UNAVAILABLE',
  'SIGN_IN_EXPIRED',
  'SIGN_IN_CANCELLED',
  'SIGN_IN_UNPROVEN',
  'SIGN_IN_WEAK',
  'SIGN_IN_BARRED',
  'TOO_MANY_REQUESTS',
] as const

/** Only words of ours are shown: anybody can write an address. */
function failureOf(error: string): (typeof FAILURES)[number] {
  return FAILURES.find((failure) => failure === error) ?? 'SIGN_IN_UNPROVEN'
}

export function SignInPage() {
  const { t, locale, setLocale } = useLanguage()
  const { error } = route.useSearch()
  const options = useQuery(signInOptions)
  useEffect(() => {
    document.title = `${t('signIn.title')} · Tamga`
  }, [t])
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <Mark />
        <h1>{t('signIn.title')}</h1>
        {error && (
          <Notice tone="warn" icon={error === 'SESSION_ENDED' ? 'clock' : 'alert'}>
            {error === 'SESSION_ENDED' ? t('signIn.ended') : t(`signIn.failed.${failureOf(error)}`)}
          </Notice>
        )}
        {options.isError && <Failed error={options.error} onRetry={() => void options.refetch()} />}
        {options.data?.oidc && <ProviderButton {...options.data.oidc} />}
        {options.data?.oidc && options.data.local && <p className="or">{t('signIn.or')}</p>}
        {options.data?.local && <LocalForm isFirst={options.data.oidc === null} />}
        {options.data?.sandbox && <p className="quiet small">{t('signIn.sandbox')}</p>}
      </div>
      <Select
        compact
        label={t('person.language')}
        value={locale}
        choices={LOCALES.map((value) => ({ value, label: LOCALE_NAMES[value] }))}
        onChange={setLocale}
      />
    </main>
  )
}

function ProviderButton({ name, path }: { name: string; path: string }) {
  const { t } = useLanguage()
  const { next } = route.useSearch()
  const target = next === undefined ? path : `${path}?${new URLSearchParams({ next })}`
  return (
    <ButtonAnchor look="primary" icon="key" href={target}>
      {t('signIn.with', { name })}
    </ButtonAnchor>
  )
}

/** `isFirst`: there is nothing above it to begin with. */
function LocalForm({ isFirst }: { isFirst: boolean }) {
  const { t } = useLanguage()
  const enter = useSignIn()
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const [totp, setTotp] = useState('')
  const code = totp.replaceAll(/\s/g, '')
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        enter.mutate({ login: login.trim(), password, ...(code !== '' && { totp: code }) })
      }}
    >
      <TextField
        label={t('signIn.login')}
        value={login}
        onChange={setLogin}
        autoComplete="username"
        autoFocus={isFirst}
        isRequired
        maxLength={128}
      />
      <TextField
        label={t('signIn.password')}
        type="password"
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
        isRequired
        maxLength={1024}
      />
      <TextField
        label={t('signIn.totp')}
        hint={t('signIn.totpHint')}
        value={totp}
        onChange={setTotp}
        autoComplete="one-time-code"
        inputMode="numeric"
        maxLength={7}
        mono
      />
      {enter.error && (
        <p className="field-error" role="alert">
          {reasonOf(enter.error, t)}
        </p>
      )}
      <Button
        type="submit"
        look="primary"
        isDisabled={login.trim() === '' || password === '' || enter.isPending}
      >
        {t('signIn.enter')}
      </Button>
    </form>
  )
}

function reasonOf(error: unknown, t: Translate): string {
  if (!isProblem(error)) return t('state.offline.text')
  if (error.code === 'LOCAL_SIGN_IN_OFF') return t('signIn.localOff')
  if (error.status === 429) return t('signIn.tooMany', { seconds: error.retryAfter ?? 60 })
  return error.status === 401 || error.status === 400
    ? t('signIn.wrong')
    : t('state.failed.text', { code: error.code })
}

/** On success goes where the person wanted to go, within this console. */
function useSignIn() {
  const queries = useQueryClient()
  const router = useRouter()
  const { next } = route.useSearch()
  return useMutation({
    mutationFn: (body: { login: string; password: string; totp?: string }) =>
      answer(api.POST('/api/session', { body })),
    onSuccess(data) {
      queries.clear()
      queries.setQueryData(session.queryKey, data)
      router.history.push(within(next))
    },
  })
}
