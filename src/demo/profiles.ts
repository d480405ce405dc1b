/** Client profiles as files, `<directory>/profiles/<vasp>-<role>.json`: what `--as alice/integrator` reads. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CALLER_ROLES, type Network } from '../local/network.ts'

/** Returns the directory of the profiles. */
export function writeProfiles(network: Network): string {
  const directory = join(network.directory, 'profiles')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  for (const vaspId of network.replicas.keys()) {
    for (const role of CALLER_ROLES) {
      const file = join(directory, `${vaspId}-${role}.json`)
      const http = network.replicas.get(vaspId)?.[0]?.httpUrl
      const profile = { ...network.profile(vaspId, role), http }
      writeFileSync(`${file}.new`, `${JSON.stringify(profile, null, 2)}\n`, { mode: 0o600 })
      renameSync(`${file}.new`, file)
    }
  }
  return directory
}
