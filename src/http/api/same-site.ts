/**
 * Requests that change something must come from the console's own pages: `Sec-Fetch-Site` and `Origin` where the browser sends them, and
 * a header that no form and no simple cross-site request can carry. The Host must be ours, so that a rebound name does not count as us.
 */
import type { FastifyRequest } from 'fastify'
import { HttpProblem } from './problem.ts'

const CHANGE_HEADER = 'x-tamga-console'
/** Where the identity provider sends the browser back to, and where it comes itself; what they bring is proved otherwise. */
const CROSS_SITE_PATHS: ReadonlySet<string> = new Set(['/api/oidc/callback', '/api/oidc/backchannel-logout'])
const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/

export interface Origins {
  /** As browsers write it, `https://console.example`; undefined: this host's loopback names only. */
  readonly origin: string | undefined
  readonly scheme: 'http' | 'https'
}

/** Throws HttpProblem CROSS_SITE_REFUSED. */
export function mustBeOurs(request: FastifyRequest, { origin, scheme }: Origins): void {
  const host = request.headers.host ?? ''
  const own = origin ?? `${scheme}://${host}`
  const isHostOurs = origin === undefined ? LOOPBACK.test(host) : host === new URL(origin).host
  if (!isHostOurs) throw new HttpProblem('CROSS_SITE_REFUSED')
  const [path = ''] = request.url.split('?')
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  const isPage = !path.startsWith('/api/')
  if (CROSS_SITE_PATHS.has(path) || (isRead && isPage)) return
  const site = request.headers['sec-fetch-site']
  // `none`: typed into the address bar, as for a download.
  if (site !== undefined && site !== 'same-origin' && !(isRead && site === 'none'))
    throw new HttpProblem('CROSS_SITE_REFUSED')
  const from = request.headers.origin
  if (from !== undefined && from !== own) throw new HttpProblem('CROSS_SITE_REFUSED')
  if (!isRead && request.headers[CHANGE_HEADER] !== '1') throw new HttpProblem('CROSS_SITE_REFUSED')
}
