/** The console, top to bottom: language, theme, data, pages. */
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import { isProblem } from './api/problem.ts'
import { session } from './api/queries.ts'
import { LanguageProvider, loadLocale, preferredLocale } from './i18n/i18n.tsx'
import { createConsoleRouter } from './router.tsx'
import { applyTheme } from './shell/theme.ts'
import './styles/tokens.css'
import './styles/base.css'
import './styles/ui.css'
import './styles/shell.css'
import './styles/lists.css'
import './styles/transfer.css'
import './styles/pages.css'
import './styles/policy-form.css'

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // The last role was taken away: the frame must learn it, too.
    onError(error) {
      if (isProblem(error) && error.code === 'NO_ROLE') void queries.invalidateQueries(session)
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A refusal stays a refusal; a lost connection may come back.
      retry: (count, error) => !isProblem(error) && count < 2,
    },
  },
})

async function start(): Promise<void> {
  applyTheme()
  const locale = preferredLocale()
  await loadLocale(locale)
  const root = document.getElementById('root')
  if (root === null) return
  createRoot(root).render(
    <LanguageProvider initial={locale}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={createConsoleRouter(queries)} />
      </QueryClientProvider>
    </LanguageProvider>,
  )
}

void start()
