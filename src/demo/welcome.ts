/** What the demo says when it is ready: where everything is, which address does what, and what to try first. */
import { resolve } from 'node:path'
import type { Network } from '../local/network.ts'
import { addressOf, BEHAVIOURS } from '../sim/behaviours.ts'
import { DESKS, deskAddress } from './back-office.ts'
import type { DemoLogin } from './console-people.ts'

export interface Welcome {
  readonly directory: string
  readonly profiles: string
  readonly gateways: readonly {
    readonly vasp: string
    readonly grpc: string
    readonly http: string
    readonly console: string | undefined
  }[]
  readonly logins: readonly DemoLogin[]
  readonly postgres: string
  readonly nats: string
  /** What happens to a transfer by where it goes. */
  readonly addresses: readonly AddressLine[]
  readonly commands: readonly string[]
}

interface AddressLine {
  readonly to: string
  readonly address: string
  readonly does: string
  readonly outcome: string
}

export function welcomeTo(network: Network, profiles: string, logins: readonly DemoLogin[]): Welcome {
  return {
    directory: network.directory,
    profiles,
    gateways: [...network.replicas].flatMap(([vasp, replicas]) =>
      replicas.map(({ grpcAddress, httpUrl, consoleUrl }) => ({
        vasp,
        grpc: grpcAddress,
        http: httpUrl,
        console: consoleUrl,
      })),
    ),
    logins,
    postgres: `127.0.0.1:${network.postgres.port}`,
    nats: network.nats.url,
    addresses: [
      ...Object.values(DESKS).map((desk) => line('bob', deskAddress(desk), desk)),
      ...Object.values(BEHAVIOURS).map((behaviour) => line('robot', addressOf(behaviour), behaviour)),
    ],
    commands: commands(network),
  }
}

function line(
  to: string,
  address: string,
  { does, outcome }: Pick<AddressLine, 'does' | 'outcome'>,
): AddressLine {
  return { to, address, does, outcome }
}

const ASSET = 'eip155:1/slip44:60'
const PAYLOAD = 'tests/vectors/ivms101/payloads/2023-base.json'

function commands(network: Network): string[] {
  const data = network.directory === resolve('data') ? '' : ` --data ${network.directory}`
  const send = (counterparty: string, destination: string) =>
    `bin/tamga send --as alice${data} --counterparty ${counterparty} --destination ${destination} --asset ${ASSET} --amount 1.5 --fiat "4500 USD" --identity ${PAYLOAD} --wait 8`
  return [
    send('bob', deskAddress(DESKS.accepts)),
    send('robot', addressOf(BEHAVIOURS.silent)),
    `bin/tamga holds --as alice${data}`,
  ]
}

export function welcomeText(welcome: Welcome, seconds: string): string {
  const { gateways, addresses } = welcome
  const linesOf = (to: string) =>
    addresses
      .filter((address) => address.to === to)
      .map(({ address, does, outcome }) => `  ${address}  ${does}: ${outcome}`)
  return [
    `The network is up after ${seconds} s; everything lies in ${welcome.directory}. Ctrl-C stops it.`,
    '',
    ...gateways.map(
      ({ vasp, grpc, http }) => `  ${vasp.padEnd(8)} gRPC ${grpc}   ${http}/.well-known/jwks.json`,
    ),
    ...gateways.flatMap((gateway) => consoleLines(gateway, welcome.logins)),
    '',
    `  ${'NATS'.padEnd(8)} ${welcome.nats}   PostgreSQL ${welcome.postgres}`,
    '',
    `Client profiles (address, CA, certificate and key): ${welcome.profiles}/<vasp>-<role>.json`,
    '',
    'Transfers to bob, by destination (any other address is accepted):',
    ...linesOf('bob'),
    '',
    'Transfers to robot, by destination (any other address is accepted):',
    ...linesOf('robot'),
    '',
    'Try, in another terminal:',
    ...welcome.commands.map((command) => `  ${command}`),
  ].join('\n')
}

function consoleLines(
  { vasp, console }: Welcome['gateways'][number],
  logins: readonly DemoLogin[],
): string[] {
  if (console === undefined) return []
  const staff = logins.filter((login) => login.vasp === vasp)
  return [
    '',
    `  Console of ${vasp}: ${console}`,
    ...staff.map(
      ({ login, password, role, name }) => `    ${login.padEnd(22)} ${password}   ${role} (${name})`,
    ),
  ]
}
