/** Signing in: a local account with its second factor, or the house's identity provider. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { answer, api } from '../../api/client.ts'
import { isProblem } from '../../api/problem.ts'
import { session, signInOptions } from '../../api/queries.ts'
import { LOCALE_NAMES, LOCALES, type Translate, useLanguage } from '../../i18n/i18n.tsx'
import { Notice } from '../../ui/bits.tsx'
import { Button, ButtonAnchor } from '../../ui/button.tsx'
import { Select, TextField } from '../../ui/field.tsx'
import { Failed } from '../../ui/state.tsx'

const route = getRouteApi('/sign-in')

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
          <Notice tone="warn" icon="clock">
            {t(error === 'SESSION_ENDED' ? 'signIn.ended' : 'signIn.oidcFailed')}
          </Notice>
        )}
        {options.isError && <Failed error={options.error} onRetry={() => void options.refetch()} />}
        {options.data?.oidc && <ProviderButton {...options.data.oidc} />}
        {options.data?.oidc && options.data.local && <p className="or">{t('signIn.or')}</p>}
        {options.data?.local && <LocalForm />}
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

function Mark() {
  return (
    <svg className="mark" width="40" height="40" viewBox="0 0 32 32" aria-hidden="true">
      <g fill="none" stroke="currentColor" strokeWidth="2.4" strokeLinecap="round">
        <path d="M7 10.5a9 9 0 0 1 18 0" />
        <path d="M16 10.5V27" />
        <path d="M9.5 20a6.5 6.5 0 0 0 13 0" />
      </g>
    </svg>
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

function LocalForm() {
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
        autoFocus
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
      router.history.push(next?.startsWith('/') === true && !next.startsWith('//') ? next : '/')
    },
  })
}
