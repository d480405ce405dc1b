/** A whole network for one test file: alice sends, bob accepts by policy, carol has a back office that decides. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ALICE, BOB } from '../../src/local/demo-vasps.ts'
import { introduceAll } from '../../src/local/introduce.ts'
import { type Network, type NetworkVasp, startNetwork } from '../../src/local/network.ts'

export const LAB_VASPS: readonly NetworkVasp[] = [
  ALICE,
  { ...BOB, policy: { ...BOB.policy, inbound: 'accept' } },
  { ...BOB, id: 'carol', legalName: 'Carol Bank A.G.', policy: { ...BOB.policy, inbound: 'ask' } },
]

export interface Lab {
  readonly network: Network
  /** Stops everything and deletes its directory. */
  remove(): Promise<void>
}

/** All gateways hold each other VERIFIED. */
export async function startLab(
  vasps = LAB_VASPS,
  replicas = 1,
  logLevel: 'debug' | 'info' = 'info',
): Promise<Lab> {
  const directory = mkdtempSync(join(tmpdir(), 'tamga-test-lab-'))
  const remove = async (network?: Network) => {
    await network?.stop()
    rmSync(directory, { recursive: true, force: true })
  }
  let network: Network | undefined
  try {
    network = await startNetwork({ directory, vasps, replicas, logLevel })
    await introduceAll(network)
  } catch (error) {
    await remove(network)
    throw error
  }
  return { network, remove: () => remove(network) }
}
