/** `tamga nats-config`: the configuration of the hub that carries envelopes between the named VASPs. */
import { parseArgs } from 'node:util'
import { natsConfig } from '../local/nats-config.ts'
import { type Command, UsageError } from './command.ts'

export const command: Command = {
  usage:
    '--vasp ID --vasp ID … [--link ID:ID …] [--listen HOST:PORT] [--store DIR] [--tls DIR] [--include FILE] [--monitor HOST:PORT]',
  summary:
    'Prints a nats-server.conf: one account per VASP, passwords as variables (ID_PASSWORD) that --include sets, TLS files server.pem, server.key and ca.pem from --tls.',
  async run(args, io) {
    const { values } = parseArgs({ args: [...args], options: OPTIONS })
    const { vasp: ids = [], tls, monitor } = values
    if (ids.length === 0) throw new UsageError('nats-config needs at least one --vasp ID')
    const text = natsConfig({
      listen: values.listen,
      storeDirectory: values.store,
      include: values.include,
      vasps: ids.map((id) => ({ id, password: { variable: `${id.toUpperCase()}_PASSWORD` } })),
      ...(values.link && { links: values.link.map(parseLink) }),
      ...(tls !== undefined && {
        tls: { cert: `${tls}/server.pem`, key: `${tls}/server.key`, ca: `${tls}/ca.pem` },
      }),
      ...(monitor !== undefined && { monitor }),
    })
    io.out(text.trimEnd())
    return 0
  },
}

const OPTIONS = {
  vasp: { type: 'string', multiple: true },
  link: { type: 'string', multiple: true },
  listen: { type: 'string', default: '0.0.0.0:4222' },
  store: { type: 'string', default: '/data/jetstream' },
  include: { type: 'string', default: 'passwords.conf' },
  tls: { type: 'string' },
  monitor: { type: 'string' },
} as const

function parseLink(text: string): readonly [string, string] {
  const [one, other, ...rest] = text.split(':')
  if (!one || !other || rest.length > 0) throw new UsageError(`--link is ID:ID, not ${text}`)
  return [one, other]
}
