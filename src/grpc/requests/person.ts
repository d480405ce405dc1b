import { z } from 'zod'
import * as fields from './fields.ts'

/** A password's form is told to nobody but whoever sets one. */
const secret = z.string().max(1_000, 'must have at most 1000 characters')
const code = z.string().regex(/^(?:\d{6})?$/, 'must be six digits, or empty')

export const SignIn = z.strictObject({ login: fields.subject, password: secret, code })

export const GetPerson = z.strictObject({})

export const ChangePassword = SignIn.extend({ newPassword: secret })
