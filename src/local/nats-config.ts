/**
 * The configuration of a hub: one account per VASP, named as the VASP; each owns its inbox stream `IN` and offers the subjects
 * of its mailbox to the others as a service whose fourth token the server proves to be the importing account.
 *
 * Subjects: tr.v1.<receiver>.<sender>.<kind>. Only settings that nats-server 2.9 knows.
 */
interface NatsVasp {
  /** `[a-z0-9_]{1,32}`: account, user and subject token. */
  readonly id: string
  /** As it is, as a bcrypt hash (`$2a$…`), or the name of a variable that the file at `include` sets. */
  readonly password: string | { readonly variable: string }
}

interface NatsTls {
  /** Paths of PEM files. */
  readonly cert: string
  readonly key: string
  readonly ca: string
  /** Whether clients must show a certificate of `ca`; true unless said otherwise. */
  readonly verify?: boolean
}

export interface NatsConfig {
  readonly listen: string
  readonly storeDirectory: string
  readonly vasps: readonly NatsVasp[]
  /** Pairs that may write to each other; every pair when absent. */
  readonly links?: readonly (readonly [string, string])[]
  readonly tls?: NatsTls
  /** `host:port` of the monitoring page, for health checks; none when absent. */
  readonly monitor?: string
  readonly serverName?: string
  /** A file read first, relative to the configuration file: `NAME: "password"` lines, kept where secrets are kept. */
  readonly include?: string
}

/** The text of nats-server.conf. Throws RangeError on an id that is no subject token. */
export function natsConfig(config: NatsConfig): string {
  const ids = config.vasps.map((vasp) => vasp.id)
  for (const id of ids) {
    if (!/^[a-z0-9_]{1,32}$/.test(id)) throw new RangeError(`a VASP id for NATS is [a-z0-9_]{1,32}: ${id}`)
  }
  if (new Set(ids).size !== ids.length) throw new RangeError('a VASP id stands twice')
  return `${[
    ...(config.include === undefined ? [] : [`include ${quoted(config.include)}`]),
    `server_name: ${quoted(config.serverName ?? 'hub')}`,
    `listen: ${quoted(config.listen)}`,
    ...(config.monitor === undefined ? [] : [`http: ${quoted(config.monitor)}`]),
    ...LIMITS,
    ...(config.tls === undefined ? [] : tlsLines(config.tls)),
    // The server reserves every account's share.
    `jetstream { store_dir: ${quoted(config.storeDirectory)}, max_mem: 64MB, max_file: ${Math.max(20, ids.length)}GB }`,
    'accounts {',
    // The system account has no user: nobody administers this server over the wire.
    '  "SYS" { users: [] }',
    ...config.vasps.flatMap((vasp) => accountLines(vasp, peersOf(vasp.id, ids, config.links))),
    '}',
    'system_account: "SYS"',
  ].join('\n')}\n`
}

const LIMITS = [
  'max_payload: 256KB',
  'max_connections: 2000',
  'max_subscriptions: 100',
  'max_pending: 16MB',
  'write_deadline: "5s"',
  'ping_interval: "20s"',
  'ping_max: 2',
]

function tlsLines({ cert, key, ca, verify = true }: NatsTls): string[] {
  return [
    'tls {',
    `  cert_file: ${quoted(cert)}`,
    `  key_file: ${quoted(key)}`,
    `  ca_file: ${quoted(ca)}`,
    `  verify: ${verify}`,
    '  timeout: 5',
    '}',
  ]
}

function peersOf(id: string, ids: readonly string[], links: NatsConfig['links']): readonly string[] {
  const linked = (peer: string) =>
    links === undefined ||
    links.some(([one, other]) => (one === id && other === peer) || (one === peer && other === id))
  return ids.filter((peer) => peer !== id && linked(peer))
}

function accountLines({ id, password }: NatsVasp, peers: readonly string[]): string[] {
  const allowed = (subjects: readonly string[]) => `[${subjects.map(quoted).join(', ')}]`
  return [
    `  ${quoted(id)} {`,
    '    jetstream { max_mem: 0, max_file: 1GB, max_streams: 4, max_consumers: 16 }',
    '    users: [{',
    `      user: ${quoted(id)}, password: ${typeof password === 'string' ? quoted(password) : `$${password.variable}`}`,
    `      permissions: { publish: { allow: ${allowed(publishSubjects(id))} }, subscribe: { allow: ["_INBOX_${id}.>"] } }`,
    '    }]',
    `    exports: [{ service: "tr.v1.${id}.*.*", account_token_position: 4 }]`,
    '    imports: [',
    ...peers.map(
      (peer) => `      { service: { account: ${quoted(peer)}, subject: "tr.v1.${peer}.${id}.*" } }`,
    ),
    '    ]',
    '  }',
  ]
}

/** What a gateway may publish: to others as itself, and what its own stream `IN` and consumer `gw` need to be made and read. */
export function publishSubjects(id: string): readonly string[] {
  return [
    `tr.v1.*.${id}.*`,
    '$JS.API.INFO',
    '$JS.API.STREAM.INFO.IN',
    '$JS.API.STREAM.CREATE.IN',
    '$JS.API.STREAM.UPDATE.IN',
    '$JS.API.CONSUMER.INFO.IN.gw',
    '$JS.API.CONSUMER.CREATE.IN',
    '$JS.API.CONSUMER.CREATE.IN.gw',
    '$JS.API.CONSUMER.CREATE.IN.gw.>',
    '$JS.API.CONSUMER.DURABLE.CREATE.IN.gw',
    '$JS.API.CONSUMER.MSG.NEXT.IN.gw',
    '$JS.ACK.IN.gw.>',
    // The acknowledgement subject of newer servers: domain and account hash come first.
    '$JS.ACK.*.*.IN.gw.>',
  ]
}

/** The configuration language unescapes \" and \\ in double quotes, and takes a $ there as it is. */
function quoted(text: string): string {
  return JSON.stringify(text)
}
