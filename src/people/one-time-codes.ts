/** The one-time code port on `otpauth`: SHA-1, six digits, 30 seconds, which is what every authenticator app understands. */
import { Secret, TOTP } from 'otpauth'
import type { OneTimeCodes } from '../app/ports.ts'

const ISSUER = 'Tamga'
/** RFC 4226, 4 (R6) wants 128 bits and recommends 160. */
const SECRET_BYTES = 20
const PERIOD_SECONDS = 30
/** RFC 6238, 5.2: one step for the network and the clock of a telephone. */
const STEPS_BESIDE = 1

export function oneTimeCodes(): OneTimeCodes {
  return {
    newSecret: () => new Secret({ size: SECRET_BYTES }).base32,
    uri: (secret, subject) => totpOf(secret, subject).toString(),
    stepOf(secret, code, now) {
      if (!/^\d{6}$/.test(code)) return undefined
      const timestamp = now.getTime()
      const totp = totpOf(secret)
      const delta = totp.validate({ token: code, timestamp, window: STEPS_BESIDE })
      return delta === null ? undefined : totp.counter({ timestamp }) + delta
    },
  }
}

function totpOf(secret: string, label?: string): TOTP {
  return new TOTP({
    issuer: ISSUER,
    ...(label !== undefined && { label }),
    secret: Secret.fromBase32(secret),
    period: PERIOD_SECONDS,
  })
}
