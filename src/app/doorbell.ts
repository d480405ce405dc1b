/** Wakes the waiters and streams of this replica; changes of other replicas are found by polling. */
import { EventEmitter } from 'node:events'
import type { Doorbell } from './ports.ts'

export function localDoorbell(): Doorbell {
  const bell = new EventEmitter()
  bell.setMaxListeners(0)
  return {
    ring(vaspId, transferId) {
      bell.emit(vaspId)
      if (transferId !== undefined) bell.emit(`${vaspId}/${transferId}`)
    },
    next({ vaspId, transferId }, milliseconds, signal) {
      const topic = transferId === undefined ? vaspId : `${vaspId}/${transferId}`
      return new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer)
          bell.off(topic, done)
          signal?.removeEventListener('abort', done)
          resolve()
        }
        const timer = setTimeout(done, milliseconds)
        bell.on(topic, done)
        signal?.addEventListener('abort', done)
        if (signal?.aborted) done()
      })
    },
  }
}
