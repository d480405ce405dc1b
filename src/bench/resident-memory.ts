/** Resident memory of the gateways, from Linux's /proc; elsewhere it is left out. */
import { readFile } from 'node:fs/promises'
import type { Network } from '../local/network.ts'

/** Megabytes of each gateway's first process. */
export type ResidentMemory = { readonly [vaspId: string]: number }

export async function residentMemory(network: Network): Promise<ResidentMemory> {
  const sizes: { [vaspId: string]: number } = {}
  for (const [vaspId, [replica]] of network.replicas) {
    const status = await readFile(`/proc/${replica?.child().pid}/status`, 'utf8').catch(() => '')
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]
    if (kilobytes !== undefined) sizes[vaspId] = Math.round(Number(kilobytes) / 1024)
  }
  return sizes
}
