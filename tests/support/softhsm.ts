/** A throw-away PKCS#11 token in SoftHSM2, from the distribution's package. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Pkcs11Settings } from '../../src/sealing/pkcs11-sessions.ts'

export interface SoftToken extends Pkcs11Settings {
  remove(): void
}

/** Undefined, with the reason on the console, where SoftHSM2 cannot be had. */
export function softToken(): SoftToken | undefined {
  let home: string
  try {
    home = execFileSync('sh', ['scripts/softhsm.sh'], { encoding: 'utf8' }).trim()
  } catch (error) {
    console.warn(`PKCS#11 is not tested: ${error instanceof Error ? error.message : ''}`)
    return undefined
  }
  const directory = mkdtempSync(join(tmpdir(), 'tamga-softhsm-'))
  mkdirSync(join(directory, 'tokens'))
  const conf = join(directory, 'softhsm2.conf')
  writeFileSync(
    conf,
    `directories.tokendir = ${directory}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n`,
  )
  // The library reads it in this process too.
  process.env['SOFTHSM2_CONF'] = conf
  const library = join(home, 'lib/softhsm/libsofthsm2.so')
  const [token, pin] = ['tamga', '123456']
  const secrets = ['--pin', pin, '--so-pin', '12345678']
  const args = ['--init-token', '--free', '--label', token, '--module', library, ...secrets]
  execFileSync(join(home, 'bin/softhsm2-util'), args, { env: { ...process.env, SOFTHSM2_CONF: conf } })
  return { library, token, pin, remove: () => rmSync(directory, { recursive: true, force: true }) }
}
