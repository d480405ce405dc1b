/** Which address shows which page. Pages load when they are first asked for. */
import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Navigate,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import * as queries from './api/queries.ts'
import {
  auditSearch,
  caseSearch,
  counterpartySearch,
  draftSearch,
  holdSearch,
  periodSearch,
  transferSearch,
} from './pages/searches.ts'
import { parseSearch, stringifySearch, text, within } from './search.ts'
import { Crashed, Missing } from './shell/broken.tsx'
import { NoRole } from './shell/no-role.tsx'
import { afterEnd, useIsSignedIn, useSession } from './shell/session.ts'
import { Shell } from './shell/shell.tsx'

interface Context {
  readonly queryClient: QueryClient
}

const root = createRootRouteWithContext<Context>()({
  component: Outlet,
  notFoundComponent: Missing,
  errorComponent: Crashed,
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search) => ({ next: text(search['next']), error: text(search['error']) }),
  /** Whoever goes back to the provider's page comes with an answer that was used: who is signed in by it is where they wanted to be. */
  async beforeLoad({ context, search: { next, error } }) {
    if (error !== 'SIGN_IN_EXPIRED') return
    const found = await context.queryClient.fetchQuery(queries.session).catch(() => null)
    if (found !== null) throw redirect({ href: within(next) })
  },
  component: lazyRouteComponent(() => import('./pages/sign-in/sign-in.tsx'), 'SignInPage'),
})

/** Everything behind the sign-in. */
const house = createRoute({
  getParentRoute: () => root,
  id: 'house',
  async beforeLoad({ context, location }) {
    const { queryClient } = context
    const known = queryClient.getQueryData(queries.session.queryKey)
    if ((known ?? (await queryClient.fetchQuery(queries.session))) === null)
      throw redirect({ to: '/sign-in', search: { next: location.href, error: undefined } })
  },
  component: House,
})

function House() {
  return useIsSignedIn() ? <SignedIn /> : <Navigate to="/sign-in" search={afterEnd()} />
}

/** Roles may be given and taken while somebody is signed in. */
function SignedIn() {
  return useSession().vaspId === null ? <NoRole /> : <Shell />
}

const index = createRoute({
  getParentRoute: () => house,
  path: '/',
  beforeLoad() {
    throw redirect({ to: '/holds', search: { queue: 'needs-me' } })
  },
})

const holds = createRoute({
  getParentRoute: () => house,
  path: '/holds',
  validateSearch: holdSearch,
  component: lazyRouteComponent(() => import('./pages/holds/holds.tsx'), 'HoldsPage'),
})

const transfers = createRoute({
  getParentRoute: () => house,
  path: '/transfers',
  validateSearch: transferSearch,
  component: lazyRouteComponent(() => import('./pages/transfers/transfers.tsx'), 'TransfersPage'),
})

const transfer = createRoute({
  getParentRoute: () => house,
  path: '/transfers/$id',
  validateSearch: caseSearch,
  component: lazyRouteComponent(() => import('./pages/transfer/transfer.tsx'), 'TransferPage'),
})

const counterparties = createRoute({
  getParentRoute: () => house,
  path: '/counterparties',
  validateSearch: counterpartySearch,
  component: lazyRouteComponent(
    () => import('./pages/counterparties/counterparties.tsx'),
    'CounterpartiesPage',
  ),
})

const counterparty = createRoute({
  getParentRoute: () => house,
  path: '/counterparties/$id',
  component: lazyRouteComponent(() => import('./pages/counterparties/counterparty.tsx'), 'CounterpartyPage'),
})

const dashboard = createRoute({
  getParentRoute: () => house,
  path: '/dashboard',
  validateSearch: periodSearch,
  component: lazyRouteComponent(() => import('./pages/dashboard/dashboard.tsx'), 'DashboardPage'),
})

const audit = createRoute({
  getParentRoute: () => house,
  path: '/audit',
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import('./pages/audit/audit.tsx'), 'AuditPage'),
})

const policy = createRoute({
  getParentRoute: () => house,
  path: '/policy',
  validateSearch: draftSearch,
  component: lazyRouteComponent(() => import('./pages/policy/policy.tsx'), 'PolicyPage'),
})

const retention = createRoute({
  getParentRoute: () => house,
  path: '/retention',
  component: lazyRouteComponent(() => import('./pages/retention/retention.tsx'), 'RetentionPage'),
})

const account = createRoute({
  getParentRoute: () => house,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/account/account.tsx'), 'AccountPage'),
})

const tree = root.addChildren([
  signIn,
  house.addChildren([
    index,
    holds,
    transfers,
    transfer,
    counterparties,
    counterparty,
    dashboard,
    policy,
    retention,
    audit,
    account,
  ]),
])

export function createConsoleRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { queryClient },
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    scrollRestoration: true,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>
  }
}
