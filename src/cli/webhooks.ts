/** `tamga webhooks`: who is told of events, and how delivery goes. */
import { randomUUID } from 'node:crypto'
import type { Webhook } from '../gen/travelrule/v1/webhook.ts'
import { instant, only, readArguments, whole } from './client/arguments.ts'
import { plainJson } from './client/json.ts'
import { CONNECTION_OPTIONS, CONNECTION_USAGE } from './client/profile.ts'
import { type Session, withGateway } from './client/session.ts'
import { timeOf } from './client/show-hold.ts'
import { commandOfVerbs, type Verb } from './client/verbs.ts'

const CHANGE = { ...CONNECTION_OPTIONS, 'request-id': { type: 'string' } } as const

const list: Verb = {
  usage: '',
  run(args, io) {
    const { values } = readArguments(args, CONNECTION_OPTIONS)
    return withGateway(values, 'admin', io, async ({ client, answer }) => {
      const { webhooks } = await client.webhooks.listWebhooks({})
      answer(
        { webhooks: webhooks.map(plainJson) },
        webhooks.length === 0 ? ['no webhooks; tamga webhooks add URL adds one'] : webhooks.map(row),
      )
      return 0
    })
  },
}

const add: Verb = {
  usage: 'URL [--types TYPE,…] [--request-id ID]',
  run(args, io) {
    const { values, positionals } = readArguments(args, { ...CHANGE, types: { type: 'string', default: '' } })
    const url = only('webhooks add', 'URL', positionals)
    const types = values.types.split(',').flatMap((type) => (type.trim() === '' ? [] : [type.trim()]))
    return withGateway(values, 'admin', io, async (session) => {
      const { webhook, secret } = await session.client.webhooks.addWebhook({ ...intent(values), url, types })
      return shown(session, webhook, secret)
    })
  },
}

const rotate: Verb = {
  usage: 'ID [--overlap SECONDS] [--request-id ID]',
  run(args, io) {
    const { values, positionals } = readArguments(args, {
      ...CHANGE,
      overlap: { type: 'string', default: '86400' },
    })
    const webhookId = only('webhooks rotate', 'webhook id', positionals)
    const overlap = { seconds: BigInt(whole('--overlap', values.overlap, 0, 604_800)), nanos: 0 }
    return withGateway(values, 'admin', io, async (session) => {
      const request = { ...intent(values), webhookId, overlap }
      const { webhook, secret } = await session.client.webhooks.rotateWebhookSecret(request)
      return shown(session, webhook, secret)
    })
  },
}

const replay: Verb = {
  usage: 'ID [--cursor CURSOR | --since TIME] [--request-id ID]',
  run(args, io) {
    const { values, positionals } = readArguments(args, {
      ...CHANGE,
      cursor: { type: 'string', default: '' },
      since: { type: 'string' },
    })
    const webhookId = only('webhooks replay', 'webhook id', positionals)
    const since = values.since === undefined ? undefined : instant('--since', values.since)
    return withGateway(values, 'admin', io, async (session) => {
      const request = { ...intent(values), webhookId, cursor: values.cursor, since }
      return shown(session, (await session.client.webhooks.replayWebhook(request)).webhook)
    })
  },
}

const switchOf = (word: 'disable' | 'enable'): Verb => ({
  usage: 'ID [--request-id ID]',
  run(args, io) {
    const { values, positionals } = readArguments(args, CHANGE)
    const webhookId = only(`webhooks ${word}`, 'webhook id', positionals)
    return withGateway(values, 'admin', io, async (session) => {
      const { webhooks } = session.client
      const request = { ...intent(values), webhookId }
      const { webhook } = await (word === 'disable'
        ? webhooks.disableWebhook(request)
        : webhooks.enableWebhook(request))
      return shown(session, webhook)
    })
  },
})

function intent(values: { readonly 'request-id'?: string | undefined }) {
  return { requestId: values['request-id'] ?? randomUUID() }
}

function shown({ answer, io }: Session, webhook: Webhook | undefined, secret = ''): 0 {
  const about = webhook === undefined ? {} : plainJson(webhook)
  answer({ webhook: about, ...(secret !== '' && { secret }) }, [
    ...(webhook === undefined ? [] : [row(webhook)]),
    ...(secret === '' ? [] : [secret]),
  ])
  if (secret !== '') io.err('keep the secret now: it is not shown again')
  return 0
}

function row({ webhookId, url, decides, disabled, ...rest }: Webhook): string {
  const state =
    disabled === undefined ? (rest.failingSince ? 'failing' : 'ok') : `disabled ${disabled.reason}`
  const parts = [
    webhookId,
    state,
    url,
    decides ? 'decides' : rest.types.length === 0 ? 'all' : rest.types.join(','),
    ...(rest.failingSince ? [`${rest.lastFailure} since ${timeOf(rest.failingSince)}`] : []),
    ...(rest.waiting > 0n ? [`${rest.waiting} tried again`] : []),
    ...(rest.givenUp > 0n ? [`${rest.givenUp} given up`] : []),
  ]
  return parts.join('  ')
}

export const command = commandOfVerbs({
  name: 'webhooks',
  summary: 'Says who is told of events by webhook, and changes it.',
  verbs: { list, add, rotate, replay, disable: switchOf('disable'), enable: switchOf('enable') },
  fallback: 'list',
  common: CONNECTION_USAGE,
})
