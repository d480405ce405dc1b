/** The key directory: modes, soundness, and whether each VASP can sign and be sealed for next month. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { newestValid, type PublicKeyRecord } from '../../domain/envelope/public-key.ts'
import { isPair, KEY_FILE_USES, publicRecord, readKeyFile } from '../../sealing/key-file.ts'
import { KeyStoreError } from '../../sealing/key-store.ts'
import { DAY_MILLISECONDS, daysUntil, type Finding } from './report.ts'

const KEY_DAYS = 30

export async function checkOwnKeys(
  directory: string,
  vaspIds: readonly string[],
  now: Date,
): Promise<readonly Finding[]> {
  let names: readonly string[]
  try {
    names = (await readdir(directory)).filter((name) => name.endsWith('.json'))
  } catch {
    const message = 'the key directory cannot be read; the gateway makes it at its first start'
    return [{ code: 'KEYS_UNREADABLE', subject: directory, message }]
  }
  const findings: Finding[] = []
  if (((await stat(directory)).mode & 0o077) !== 0)
    findings.push({ code: 'KEY_MODE', subject: directory, message: 'other users can enter it; chmod 700 it' })
  const records: PublicKeyRecord[] = []
  const uses = new Set<string>()
  for (const name of names) {
    try {
      const file = await readKeyFile(join(directory, name))
      uses.add(`${file.vasp_id}.${file.use}`)
      if (isPair(file)) records.push(publicRecord(file))
    } catch (error) {
      findings.push(faulty(join(directory, name), error))
    }
  }
  for (const vaspId of vaspIds) {
    for (const use of KEY_FILE_USES) if (!uses.has(`${vaspId}.${use}`)) findings.push(missing(vaspId, use))
    const own = records.filter((record) => record.vaspId === vaspId)
    for (const use of ['sig', 'enc'] as const) findings.push(...endings(vaspId, use, own, now))
  }
  return findings
}

function missing(vaspId: string, use: string): Finding {
  const message = `it has no ${use} key that can be read; restore the key directory, or start the gateway to make new keys`
  return { code: 'KEY_MISSING', subject: vaspId, message }
}

function endings(
  vaspId: string,
  use: 'sig' | 'enc',
  own: readonly PublicKeyRecord[],
  now: Date,
): readonly Finding[] {
  const live = own.filter((key) => key.use === use && key.revokedAt === undefined)
  const last = live.map(({ notAfter }) => notAfter).toSorted((a, b) => b.getTime() - a.getTime())[0]
  if (last === undefined) return []
  const rotate = `tamga keys rotate --vasp ${vaspId} --use ${use}`
  if (newestValid(own, use, now) === undefined)
    return [
      {
        code: 'KEY_ENDED',
        subject: vaspId,
        message: `no ${use} key is valid now; ${rotate}, and give counterparties the card by hand`,
      },
    ]
  if (last.getTime() - now.getTime() > KEY_DAYS * DAY_MILLISECONDS) return []
  return [
    {
      code: 'KEY_ENDING',
      subject: vaspId,
      message: `its last ${use} key ${daysUntil(last, now)}; ${rotate}`,
    },
  ]
}

function faulty(file: string, error: unknown): Finding {
  if (error instanceof KeyStoreError && error.reason === 'KEY_FILE_MODE')
    return { code: 'KEY_MODE', subject: file, message: 'other users can read it; chmod 600 it' }
  const why = error instanceof KeyStoreError ? error.message : 'it cannot be read'
  return { code: 'KEY_FILE', subject: file, message: `${why}; restore it from a backup` }
}
