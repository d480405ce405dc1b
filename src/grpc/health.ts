/** grpc.health.v1: the state of the whole ('') and of each service. */
import type { Server } from '@grpc/grpc-js'
import { HealthImplementation } from 'grpc-health-check'

export interface Health {
  setServing(serving: boolean): void
}

export function addHealth(server: Server, services: readonly string[]): Health {
  const health = new HealthImplementation()
  const setServing = (serving: boolean) => {
    for (const service of ['', ...services]) health.setStatus(service, serving ? 'SERVING' : 'NOT_SERVING')
  }
  // Whoever wires the gateway says when it is ready.
  setServing(false)
  health.addToServer(server)
  return { setServing }
}
