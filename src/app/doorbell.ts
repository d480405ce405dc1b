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
        const end = (rung: boolean) => {
          clearTimeout(timer)
          bell.off(topic, onRing)
          signal?.removeEventListener('abort', onEnd)
          resolve(rung)
        }
        const onRing = () => end(true)
        const onEnd = () => end(false)
        const timer = setTimeout(onEnd, milliseconds)
        bell.on(topic, onRing)
        signal?.addEventListener('abort', onEnd)
        if (signal?.aborted) onEnd()
      })
    },
  }
}
