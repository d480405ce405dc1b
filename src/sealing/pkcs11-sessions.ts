/** Sessions with a PKCS#11 token: a few, each for one operation at a time, opened anew when the device went away. */
import { KeyStoreError } from './key-store.ts'
import {
  type Attribute,
  CKR_ALREADY,
  CKR_GONE,
  loadPkcs11,
  type Pkcs11Call,
  Pkcs11Error,
  type Pkcs11Library,
} from './pkcs11-library.ts'

export interface Pkcs11Settings {
  /** The vendor's shared library. */
  readonly library: string
  /** CKA_LABEL of the token. */
  readonly token: string
  readonly pin: string
}

export interface Session {
  /** `args` without the session. */
  call(name: Pkcs11Call, args: readonly unknown[]): Promise<void>
  /** The one that has these attributes. */
  find(template: readonly Attribute[]): Promise<number | undefined>
  /** Runs an operation that was begun, and gives at most `max` bytes of output. */
  output(name: 'C_Sign' | 'C_Encrypt' | 'C_Decrypt', input: Uint8Array, max: number): Promise<Buffer>
  check(): Promise<void>
}

export interface Sessions {
  /** Runs `work` on a free session; once more, after `renewed`, if the device went away meanwhile. */
  use<T>(work: (session: Session) => Promise<T>, renewed: () => void): Promise<T>
  close(): Promise<void>
}

const SESSIONS_MAX = 4
const SLOTS_MAX = 64
const TOKEN_INFO_BYTES = 512
const LABEL_BYTES = 32
const USER = 1
/** CKF_RW_SESSION and CKF_SERIAL_SESSION. */
const READ_WRITE = 0x2 | 0x4
/** CKF_OS_LOCKING_OK: calls come from several threads. */
const INITIALIZE = {
  CreateMutex: null,
  DestroyMutex: null,
  LockMutex: null,
  UnlockMutex: null,
  flags: 2,
  pReserved: null,
}

export function pkcs11Sessions({ library: path, token, pin }: Pkcs11Settings): Sessions {
  const loaded = loadPkcs11(path)
  const call: Call = (name, args, fine) => loaded.call(name, args, fine)
  const free: number[] = []
  const waiting: ((session: number) => void)[] = []
  let opening: Promise<number> | undefined
  let open = 0

  async function slotOf(): Promise<number> {
    const [slots, count] = [Array.from({ length: SLOTS_MAX }, () => 0), [SLOTS_MAX]]
    await call('C_GetSlotList', [1, slots, count])
    for (const slot of slots.slice(0, count[0])) {
      const info = Buffer.alloc(TOKEN_INFO_BYTES)
      await call('C_GetTokenInfo', [slot, info])
      if (info.toString('utf8', 0, LABEL_BYTES).trimEnd() === token) return slot
    }
    throw new KeyStoreError('NO_KEY', `${path} has no token labelled ${token}`)
  }

  async function ready(): Promise<number> {
    await call('C_Initialize', [INITIALIZE], CKR_ALREADY)
    return slotOf()
  }

  async function openSession(): Promise<number> {
    opening ??= ready()
    const slot = await opening.catch((error: unknown) => {
      opening = undefined
      throw error
    })
    const session = [0]
    await call('C_OpenSession', [slot, READ_WRITE, null, null, session])
    const secret = Buffer.from(pin)
    await call('C_Login', [session[0], USER, secret, secret.length], CKR_ALREADY)
    return session[0] ?? 0
  }

  async function take(): Promise<number> {
    const idle = free.pop()
    if (idle !== undefined) return idle
    if (open >= SESSIONS_MAX) return new Promise((resolve) => waiting.push(resolve))
    open++
    return openSession().catch((error: unknown) => {
      open--
      throw error
    })
  }

  function give(session: number): void {
    const next = waiting.shift()
    if (next === undefined) free.push(session)
    else next(session)
  }

  async function once<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const session = await take()
    let gone = false
    try {
      return await work(sessionOver(call, session))
    } catch (error) {
      gone = isGone(error)
      throw error
    } finally {
      if (gone) {
        // Its neighbours are no better; whoever waits gets a new one.
        open -= 1 + free.splice(0).length
        opening = undefined
        for (const next of waiting.splice(0)) take().then(next, () => undefined)
      } else give(session)
    }
  }

  return {
    async use(work, renewed) {
      try {
        return await once(work)
      } catch (error) {
        if (!isGone(error)) throw error
        renewed()
        return once(work)
      }
    },
    async close() {
      for (const session of free.splice(0)) await call('C_CloseSession', [session])
      open = 0
    },
  }
}

type Call = Pkcs11Library['call']

function isGone(error: unknown): boolean {
  return error instanceof Pkcs11Error && CKR_GONE.has(error.rv)
}

function sessionOver(call: Call, session: number): Session {
  return {
    call: (name, args) => call(name, [session, ...args]),

    async find(template) {
      const [handles, count] = [[0], [0]]
      await call('C_FindObjectsInit', [session, template, template.length])
      try {
        await call('C_FindObjects', [session, handles, 1, count])
      } finally {
        await call('C_FindObjectsFinal', [session])
      }
      return count[0] === 0 ? undefined : handles[0]
    },

    async output(name, input, max) {
      const [bytes, output, length] = [Buffer.from(input), Buffer.alloc(max), [max]]
      await call(name, [session, bytes, bytes.length, output, length])
      return output.subarray(0, length[0])
    },

    // Finds nothing, and fails unless the user is logged on to a token that answers.
    async check() {
      await this.find([])
    },
  }
}
