/** The RPCs and who may call them, as the comments of the .proto files tell integrators. */
import { readFileSync } from 'node:fs'

const FILES = [
  'transfer',
  'inbound',
  'review',
  'counterparty',
  'evidence',
  'webhook',
  'wallet',
  'person',
  'policy',
] as const

export interface Rpc {
  readonly service: string
  readonly name: string
  readonly path: string
  readonly roles: readonly string[]
}

export function contractRpcs(): Rpc[] {
  return FILES.flatMap((file) => rpcsOf(readFileSync(`proto/travelrule/v1/${file}.proto`, 'utf8')))
}

/** Reading is by name: AssessTransfer changes nothing, but it reads nothing that is stored either. */
function rpcsOf(proto: string): Rpc[] {
  const [, callers = '', service = ''] = /\/\/ (Callers:[^]*?)\nservice (\w+)/.exec(proto) ?? []
  const sentence = callers.split(/\.(?:\s|$)/)[0] ?? ''
  const [always = '', reading = ''] = sentence.split('reading also')
  return [...proto.matchAll(/((?:^ {2}\/\/.*\n)*)^ {2}rpc (\w+)\(/gm)].map(([, comment = '', name = '']) => ({
    service,
    name,
    path: `/travelrule.v1.${service}/${name}`,
    // A comment of the RPC's own says otherwise.
    roles: /Callers: role (.*)\./.test(comment)
      ? quoted(/Callers: role (.*)\./.exec(comment)?.[1] ?? '')
      : [...quoted(always), ...(/^(?:Get|List|Watch|Lookup)/.test(name) ? quoted(reading) : [])],
  }))
}

function quoted(text: string): string[] {
  return [...text.matchAll(/`([a-z]+)`/g)].map(([, word = '']) => word)
}
