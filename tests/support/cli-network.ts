/**
 * The command line in a real network, begun before the tests of whichever file imports this: alice sends; bob accepts by policy; carol's
 * back office decides; dave is a stranger to alice.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import type { Command } from '../../src/cli/command.ts'
import { command as send } from '../../src/cli/send.ts'
import { writeProfiles } from '../../src/demo/profiles.ts'
import type { Network } from '../../src/local/network.ts'
import { run } from './cli.ts'
import { identityPayload } from './identity.ts'
import { LAB_VASPS, type Lab, startLab } from './lab.ts'

export const ETHER = 'eip155:1/slip44:60'
export const ADDRESS = 'eip155:1:0xab16a96D359eC26a11e2C2b3d8f8B8942d5Bfcdb'

let lab: Lab
export let network: Network
export let identity = ''

beforeAll(async () => {
  lab = await startLab(LAB_VASPS)
  network = lab.network
  writeProfiles(network)
  identity = join(network.directory, 'identity.json')
  writeFileSync(identity, identityPayload())
}, 120_000)

afterAll(() => lab?.remove(), 60_000)

export function cli(command: Command, as: string, ...args: readonly string[]) {
  return run(command, [...args, '--as', as, '--data', network.directory])
}

/** Asks leave as alice's exchange. */
export function sendTo(vasp: string, ...args: readonly string[]) {
  const about = ['--asset', ETHER, '--amount', '1.5', '--destination', ADDRESS, '--identity', identity]
  return cli(send, 'alice', ...about, '--fiat', '4200.00 USD', '--counterparty', vasp, ...args)
}
