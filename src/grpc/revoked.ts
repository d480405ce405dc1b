/** The certificates of callers that their authority has taken back (certificate revocation lists, RFC 5280, 5). */
import { readFileSync } from 'node:fs'
import { type Extension, PemConverter, X509Certificate, X509Crl } from '../x509.ts'

export interface RevokedList {
  /** Of a certificate: its issuer's name and its serial number, as @peculiar/x509 writes both. */
  readonly has: (issuer: string, serialNumber: string) => boolean
  /** When the authority should have written a new list: the earliest of all, if they say. */
  readonly nextUpdate: Date | undefined
}

export interface RevocationFile {
  current(): RevokedList
  /** Called after every change of the list. */
  onChange(listener: () => void): void
  close(): void
}

interface FileOptions {
  /** PEM: one list or several. */
  readonly file: string
  /** PEM of the authorities that may sign them. */
  readonly authorities: string | Buffer
  readonly log: { error(fields: object, message: string): void; info(fields: object, message: string): void }
  readonly everyMs?: number
}

const EVERY_MS = 2_000

/**
 * Reads the file now and whenever it has changed. Throws if it is no good at the start; one that is no good later is logged, and the list
 * before it stays: whoever could spoil the file must not be able to let the revoked in again.
 */
export async function openRevocationFile(options: FileOptions): Promise<RevocationFile> {
  const { file, authorities, log, everyMs = EVERY_MS } = options
  let text = readFileSync(file, 'utf8')
  let list = await readRevoked(text, authorities)
  const listeners: (() => void)[] = []
  const tellIfOld = () => {
    const { nextUpdate } = list
    if (nextUpdate !== undefined && nextUpdate < new Date())
      log.error({ file, nextUpdate }, 'revocation list counts, but should have been replaced by a newer one')
  }
  tellIfOld()
  let complained = ''
  const look = async () => {
    try {
      const now = readFileSync(file, 'utf8')
      const isSame = now === text
      if (!isSame) list = await readRevoked(now, authorities)
      text = now
      complained = ''
      if (isSame) return
    } catch (error) {
      const fault = error instanceof Error ? error.message : 'it cannot be read'
      if (fault !== complained)
        log.error({ file, fault }, 'revocation list not taken; the one before it stays')
      complained = fault
      return
    }
    log.info({ file }, 'revocation list read again')
    tellIfOld()
    for (const listener of listeners) listener()
  }
  let looking: Promise<void> | undefined
  const timer = setInterval(() => {
    looking ??= look().finally(() => {
      looking = undefined
    })
  }, everyMs)
  timer.unref()
  return {
    current: () => list,
    onChange: (listener) => void listeners.push(listener),
    close: () => clearInterval(timer),
  }
}

/** Throws an Error that says what is wrong with the lists. */
export async function readRevoked(pem: string, authorities: string | Buffer): Promise<RevokedList> {
  const issuers = PemConverter.decode(String(authorities)).map((der) => new X509Certificate(der))
  const lists = blocksOf(pem)
  const revoked = new Set<string>()
  for (const list of lists) {
    if (!(await isSignedByOneOf(list, issuers)))
      throw new Error(`the revocation list of ${list.issuer} is signed by no authority of callers`)
    refuseCritical(list.extensions)
    for (const { serialNumber, extensions } of list.entries) {
      refuseCritical(extensions)
      revoked.add(keyOf(list.issuer, serialNumber))
    }
  }
  const ends = lists.flatMap(({ nextUpdate }) => nextUpdate ?? [])
  return {
    has: (issuer, serialNumber) => revoked.has(keyOf(issuer, serialNumber)),
    nextUpdate: ends.toSorted((a, b) => a.getTime() - b.getTime())[0],
  }
}

function blocksOf(pem: string): readonly X509Crl[] {
  let blocks: readonly ArrayBuffer[] = []
  try {
    blocks = PemConverter.decode(pem)
    if (blocks.length > 0) return blocks.map((der) => new X509Crl(der))
  } catch (cause) {
    throw new Error('it is no revocation list in PEM (X509 CRL)', { cause })
  }
  throw new Error('it has no revocation list in PEM (X509 CRL)')
}

async function isSignedByOneOf(list: X509Crl, issuers: readonly X509Certificate[]): Promise<boolean> {
  for (const issuer of issuers)
    if (issuer.subject === list.issuer && (await list.verify({ publicKey: issuer }).catch(() => false)))
      return true
  return false
}

/** RFC 5280, 5.2 and 5.3: whoever does not understand a critical extension may not use the list. These make it a part of another. */
function refuseCritical(extensions: readonly Extension[]): void {
  const unknown = extensions.find(({ critical }) => critical)
  if (unknown !== undefined)
    throw new Error(`a critical extension is not understood (${unknown.type}); give whole lists, not deltas`)
}

function keyOf(issuer: string, serialNumber: string): string {
  return `${serialNumber.toLowerCase().replace(/^0+/, '')} ${issuer}`
}
