/** What the demo says when it is ready: where everything is, which address does what, and what to try first. */
import { relative } from 'node:path'
import type { Network } from '../local/network.ts'
import { addressOf, BEHAVIOURS, type BehaviourName } from '../sim/behaviours.ts'
import { DESKS, type DeskName, deskAddress } from './back-office.ts'

export interface Welcome {
  readonly directory: string
  readonly profiles: string
  readonly gateways: readonly { readonly vasp: string; readonly grpc: string; readonly http: string }[]
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

export function welcomeTo(network: Network, profiles: string): Welcome {
  return {
    directory: network.directory,
    profiles,
    gateways: [...network.replicas].flatMap(([vasp, replicas]) =>
      replicas.map(({ grpcAddress, httpUrl }) => ({ vasp, grpc: grpcAddress, http: httpUrl })),
    ),
    postgres: `127.0.0.1:${network.postgres.port}`,
    nats: network.nats.url,
    addresses: [...deskLines(), ...robotLines()],
    commands: commands(network),
  }
}

function deskLines(): AddressLine[] {
  const names = Object.keys(DESKS) as DeskName[]
  return names.map((name) => ({ to: 'bob', address: deskAddress(name), ...words(DESKS[name]) }))
}

function robotLines(): AddressLine[] {
  const names = Object.keys(BEHAVIOURS) as BehaviourName[]
  return names.map((name) => ({ to: 'robot', address: addressOf(name), ...words(BEHAVIOURS[name]) }))
}

function words({ does, outcome }: { readonly does: string; readonly outcome: string }) {
  return { does, outcome }
}

const PAYLOAD = 'tests/vectors/ivms101/payloads/2023-base.json'

function commands(network: Network): string[] {
  const directory = relative(process.cwd(), network.directory) || '.'
  const as = directory === 'data' ? '' : ` --directory ${directory}`
  return [
    `bin/tamga send --as alice/integrator${as} --to bob --destination ${deskAddress('accepts')} --identity ${PAYLOAD}`,
    `bin/tamga send --as alice/integrator${as} --to robot --destination ${addressOf('silent')} --identity ${PAYLOAD}`,
    `bin/tamga holds --as alice/console${as}`,
  ]
}

export function welcomeText(welcome: Welcome, seconds: string): string {
  const { gateways, addresses } = welcome
  const lines = (to: string) =>
    addresses
      .filter((line) => line.to === to)
      .map(({ address, does, outcome }) => `  ${address}  ${does}: ${outcome}`)
  return [
    `The network is up after ${seconds} s; everything lies in ${welcome.directory}. Ctrl-C stops it.`,
    '',
    ...gateways.map(
      ({ vasp, grpc, http }) => `  ${vasp.padEnd(8)} gRPC ${grpc}   ${http}/.well-known/jwks.json`,
    ),
    `  ${'NATS'.padEnd(8)} ${welcome.nats}   PostgreSQL ${welcome.postgres}`,
    '',
    `Client profiles (address, CA, certificate and key): ${welcome.profiles}/<vasp>-<role>.json`,
    '',
    'Transfers to bob, by destination (any other address is accepted):',
    ...lines('bob'),
    '',
    'Transfers to robot, by destination (any other address is accepted):',
    ...lines('robot'),
    '',
    'Try, in another terminal:',
    ...welcome.commands.map((command) => `  ${command}`),
  ].join('\n')
}
