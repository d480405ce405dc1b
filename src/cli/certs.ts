/** `tamga certs`: a certificate authority and the leaves it signs, as PEM files in one directory. */
import { parseArgs } from 'node:util'
import { issueClient, issueServer, makeAuthority } from '../local/certificates.ts'
import { writeRevocationList } from '../local/revocation-list.ts'
import { type Command, UsageError } from './command.ts'

export const command: Command = {
  usage:
    'DIR [--ca NAME] [--server NAME=HOST,HOST… …] [--client NAME=URI …] [--revoke NAME …] [--crl] [--days N]',
  summary:
    'Makes a certificate authority in DIR and the server and client certificates it signs; keeps what is there and valid for 30 more days. --revoke takes certificates back and writes the list of them, --crl the list alone.',
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
    const revoked = values.revoke ?? []
    const odd = revoked.find((name) => !NAME.test(name))
    if (odd !== undefined) throw new UsageError(`no name of a certificate: ${odd}`)
    const authority = await makeAuthority(values.ca, directory)
    io.out(authority.cert)
    // First, so that a certificate that is asked for in the same breath is a new one.
    if (revoked.length > 0 || values.crl)
      io.out(await writeRevocationList(authority, { directory, names: revoked, days }))
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
  revoke: { type: 'string', multiple: true },
  crl: { type: 'boolean', default: false },
  days: { type: 'string', default: '365' },
} as const

const NAME = /^[A-Za-z0-9_-]+$/

/** `NAME=VALUE`; the name becomes a file name. */
function named(text: string): readonly [string, string] {
  const { name, value } = /^(?<name>[A-Za-z0-9_-]+)=(?<value>.+)$/.exec(text)?.groups ?? {}
  if (name === undefined || value === undefined) throw new UsageError(`not NAME=VALUE: ${text}`)
  return [name, value]
}
