/** grpc.reflection.v1 and v1alpha: lets a tool such as grpcurl read the contract. Built from the .proto files beside the sources. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Server } from '@grpc/grpc-js'
import { ReflectionService } from '@grpc/reflection'
import protobuf from 'protobufjs'
// Adds `toDescriptor` to Root.
import descriptor from 'protobufjs/ext/descriptor/index.js'

const PROTO_DIRECTORY = fileURLToPath(new URL('../../proto/', import.meta.url))

export function addReflection(server: Server): void {
  new ReflectionService(contract()).addToServer(server)
}

/** All our services and messages, and google.rpc's, as ReflectionService takes them: each entry brings its files. */
function contract(directory = PROTO_DIRECTORY): ConstructorParameters<typeof ReflectionService>[0] {
  const root = new protobuf.Root()
  root.resolvePath = (_, target) => join(directory, target)
  root.loadSync(protoFiles(directory), { keepCase: true }).resolveAll()
  const { file } = root.toDescriptor('proto3')
  const fileDescriptorProtos = file.map((each) =>
    Buffer.from(descriptor.FileDescriptorProto.encode(each).finish()),
  )
  // The library reads only `fileDescriptorProtos`; the rest is what its type asks for.
  return { contract: { format: 'Protocol Buffer 3 EnumDescriptorProto', type: {}, fileDescriptorProtos } }
}

function protoFiles(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.proto'),
  )
}
