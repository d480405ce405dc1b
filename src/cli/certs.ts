/** `tamga certs`: a certificate authority and the leaves it signs, as PEM files in one directory. */
import { parseArgs } from 'node:util'
import { issueClient, issueServer, makeAuthority } from '../local/certificates.ts'
import { type Command, UsageError } from './command.ts'

export const command: Command = {
  usage: 'DIR [--ca NAME] [--server NAME=HOST,HOST… …] [--client NAME=URI …] [--days N]',
  summary:
    'Makes a certificate authority in DIR and the server and client certificates it signs; keeps what is there and valid for 30 more days.',
  async run(args, io) {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
    const [directory, ...more] = positionals
    if (directory === undefined || more.length > 0)
      throw new UsageError(`usage: tamga certs ${command.usage}`)
    const days = Number(values.days)
    if (!Number.isInteger(days) || days < 1 || days > 3650)
      throw new UsageError('--days is a number from 1 to 3650')
    const servers = (values.server ?? []).map(named)
    const clients = (values.client ?? []).map(named)
    const authority = await makeAuthority(values.ca, directory)
    io.out(authority.cert)
    for (const [name, hosts] of servers) {
      io.out((await issueServer(authority, { name, directory, days, hosts: hosts.split(',') })).cert)
    }
    for (const [name, uri] of clients) {
      io.out((await issueClient(authority, { name, directory, days, uri })).cert)
    }
    return 0
  },
}

const OPTIONS = {
  ca: { type: 'string', default: 'ca' },
  server: { type: 'string', multiple: true },
  client: { type: 'string', multiple: true },
  days: { type: 'string', default: '365' },
} as const

/** `NAME=VALUE`; the name becomes a file name. */
function named(text: string): readonly [string, string] {
  const { name, value } = /^(?<name>[A-Za-z0-9_-]+)=(?<value>.+)$/.exec(text)?.groups ?? {}
  if (name === undefined || value === undefined) throw new UsageError(`not NAME=VALUE: ${text}`)
  return [name, value]
}
