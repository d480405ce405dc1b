import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Client, credentials } from '@grpc/grpc-js'
import protobuf from 'protobufjs'
import descriptor from 'protobufjs/ext/descriptor/index.js'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { SERVICE_NAMES } from '../../src/grpc/server.ts'
import {
  type Certificates,
  callerUri,
  type Door,
  makeCertificates,
  openDoor,
  read,
} from '../unit/grpc/door.ts'

const directory = join(dirname(createRequire(import.meta.url).resolve('@grpc/reflection')), '../proto')
const protocol = protobuf.loadSync(join(directory, 'grpc/reflection/v1/reflection.proto'))
const Question = protocol.lookupType('grpc.reflection.v1.ServerReflectionRequest')
const Reply = protocol.lookupType('grpc.reflection.v1.ServerReflectionResponse')

const Services = z.object({
  listServicesResponse: z.object({ service: z.array(z.object({ name: z.string() })) }),
})
const Files = z.object({
  fileDescriptorResponse: z.object({ fileDescriptorProto: z.array(z.instanceof(Uint8Array)) }),
})

let certificates: Certificates
let sandbox: Door

beforeAll(async () => {
  certificates = await makeCertificates()
  sandbox = await openDoor(certificates, { reflection: true })
})

afterAll(async () => {
  await sandbox.close()
  certificates.remove()
})

async function ask(door: Door, question: object, role = 'auditor'): Promise<unknown> {
  const { ca, cert, key } = read(await certificates.client(callerUri(role)))
  const channel = new Client(door.address, credentials.createSsl(ca, key, cert))
  const path = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo'
  const serialize = (value: object) => Buffer.from(Question.encode(value).finish())
  const call = channel.makeBidiStreamRequest(path, serialize, (bytes) => Reply.toObject(Reply.decode(bytes)))
  try {
    call.write(question)
    call.end()
    const replies: unknown[] = []
    for await (const reply of call) replies.push(reply)
    return replies[0]
  } finally {
    channel.close()
  }
}

it('lists our services', async () => {
  const { listServicesResponse } = Services.parse(await ask(sandbox, { listServices: '*' }))
  expect(listServicesResponse.service.map(({ name }) => name).toSorted()).toEqual(SERVICE_NAMES.toSorted())
})

it.each([
  ['travelrule.v1.TransferService', 'AuthorizeTransfer'],
  ['travelrule.v1.InboundService', 'RequestRepair'],
  ['travelrule.v1.ReviewService', 'ProposeRelease'],
  ['travelrule.v1.CounterpartyService', 'ImportCounterparty'],
  ['google.rpc.BadRequest', 'field_violations'],
])('brings the files of %s, with all that they import', async (symbol, member) => {
  const { fileDescriptorResponse } = Files.parse(await ask(sandbox, { fileContainingSymbol: symbol }))
  const files = fileDescriptorResponse.fileDescriptorProto.map((bytes) =>
    descriptor.FileDescriptorProto.toObject(descriptor.FileDescriptorProto.decode(bytes)),
  )
  const imported = files.flatMap(({ dependency = [] }) => dependency)
  expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(imported))
  expect(JSON.stringify(files)).toContain(`"${symbol.split('.').at(-1)}"`)
  expect(JSON.stringify(files)).toContain(`"${member}"`)
})

it('is closed to strangers, and absent unless it is asked for', async () => {
  await expect(ask(sandbox, { listServices: '*' }, 'root')).rejects.toMatchObject({ code: 16 })
  const production = await openDoor(certificates)
  await expect(ask(production, { listServices: '*' })).rejects.toMatchObject({ code: 12 })
  await production.close()
})
