/**
 * Requests whose bytes are no message of their type. grpc-js would answer INTERNAL, which tells the caller that the fault is ours and that a
 * repetition may help; it is the caller's, like any other request that breaks the contract (AIP-193).
 */
import type { ServiceDefinition } from '@grpc/grpc-js'
import { Refusal } from '../domain/refusal.ts'

/** In the place of the message, up to the handler. */
const UNREADABLE: unknown = Object.freeze({})

export function readable<Definition extends ServiceDefinition>(definition: Definition): Definition {
  const methods = Object.entries(definition).map(([name, method]) => [
    name,
    { ...method, requestDeserialize: (bytes: Buffer) => decoded(method.requestDeserialize, bytes) },
  ])
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same members, one of them wrapped
  return Object.fromEntries(methods) as Definition
}

function decoded(decode: (bytes: Buffer) => unknown, bytes: Buffer): unknown {
  try {
    return decode(bytes)
  } catch {
    return UNREADABLE
  }
}

/** Throws Refusal REQUEST_INVALID. */
export function read<Request>(request: Request): Request {
  if (request !== UNREADABLE) return request
  const description = 'the bytes are no message of this type; generate the client anew from the proto files'
  throw new Refusal('REQUEST_INVALID', undefined, { fields: [{ field: '', description }] })
}
