/** Signing in, and what the person who did may see and do. */
import { z } from 'zod'
import { PERSON_ACTIONS } from '../../../domain/people.ts'
import { Person, PersonRole, Time, Uuid, VaspId } from './common.ts'

export const SignIn = z
  .strictObject({
    login: z.string().min(1).max(128),
    password: z.string().min(1).max(1_024),
    /** Six digits; left out where the account has no second factor (demo only). */
    totp: z
      .string()
      .regex(/^\d{6}$/, 'must be six digits')
      .optional(),
  })
  .meta({ id: 'SignIn' })

export const SignInOptions = z
  .object({
    local: z.boolean(),
    /** Where the browser goes to sign in with the house's identity provider; null when there is none. */
    oidc: z.object({ name: z.string(), path: z.string() }).nullable(),
    sandbox: z.boolean(),
  })
  .meta({ id: 'SignInOptions' })

export const SignedOut = z.object({ providerUrl: z.string().nullable() }).meta({ id: 'SignedOut' })

/** What the person may do at all in the selected VASP; what may be done to one transfer is among its actions. */
const Permission = z.enum(PERSON_ACTIONS).meta({ id: 'Permission' })

const MyVasp = z
  .object({ id: VaspId, legalName: z.string(), country: z.string(), roles: z.array(PersonRole) })
  .meta({ id: 'MyVasp' })

export const Session = z
  .object({
    id: Uuid,
    person: Person,
    method: z.enum(['password', 'oidc']),
    /** In the selected VASP. */
    roles: z.array(PersonRole),
    may: z.array(Permission),
    vasps: z.array(MyVasp),
    /** The selected one; null when the person has a role in none. */
    vaspId: VaspId.nullable(),
    sandbox: z.boolean(),
    signedInAt: Time,
    /** Ends then unless the person does something before. */
    idleExpiresAt: Time,
    absoluteExpiresAt: Time,
    now: Time,
  })
  .meta({ id: 'Session' })

const Nobody = z.object({ person: z.null() }).meta({ id: 'Nobody' })
export const CurrentSession = z.union([Session, Nobody]).meta({ id: 'CurrentSession' })

export const SelectVasp = z.strictObject({ vaspId: VaspId }).meta({ id: 'SelectVasp' })

export const SessionList = z
  .object({
    items: z.array(
      z
        .object({
          id: Uuid,
          current: z.boolean(),
          method: z.enum(['password', 'oidc']),
          userAgent: z.string(),
          signedInAt: Time,
          lastSeenAt: Time,
          expiresAt: Time,
        })
        .meta({ id: 'SessionItem' }),
    ),
  })
  .meta({ id: 'SessionList' })

/** Whom a hold can be given to. */
export const PeopleList = z
  .object({
    items: z.array(
      z
        .object({
          ...Person.shape,
          roles: z.array(PersonRole),
          isMlro: z.boolean(),
          /** Has a role that decides on holds. */
          decides: z.boolean(),
        })
        .meta({ id: 'PersonItem' }),
    ),
  })
  .meta({ id: 'PeopleList' })
