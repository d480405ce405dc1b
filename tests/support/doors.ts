/** gRPC doors with certificates of their own, made before the tests of whichever file imports this, and closed after each. */
import { afterAll, afterEach, beforeAll } from 'vitest'
import { type Certificates, type Door, makeCertificates, openDoor } from '../unit/grpc/door.ts'

export let certificates: Certificates
const doors: Door[] = []

beforeAll(async () => {
  certificates = await makeCertificates()
})
afterEach(async () => {
  await Promise.all(doors.splice(0).map((door) => door.close()))
})
afterAll(() => certificates.remove())

export async function opened(options: Parameters<typeof openDoor>[1]): Promise<Door> {
  const door = await openDoor(certificates, options)
  doors.push(door)
  return door
}
