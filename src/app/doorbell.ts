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
    listen({ vaspId, transferId }) {
      const topic = transferId === undefined ? vaspId : `${vaspId}/${transferId}`
      let unheard = false
      let wake: (() => void) | undefined
      const onRing = () => {
        unheard = true
        wake?.()
      }
      bell.on(topic, onRing)
      return {
        rung(milliseconds, signal) {
          return new Promise((resolve) => {
            const end = () => {
              clearTimeout(timer)
              signal?.removeEventListener('abort', end)
              wake = undefined
              resolve(unheard)
              unheard = false
            }
            const timer = setTimeout(end, milliseconds)
            signal?.addEventListener('abort', end)
            wake = end
            if (unheard || signal?.aborted) end()
          })
        },
        close: () => void bell.off(topic, onRing),
      }
    },
  }
}
