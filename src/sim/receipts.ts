/** The receipts that a robot was given for what it said. */
export interface ReceiptHeard {
  readonly status: 'stored' | 'refused'
  /** Why it was refused. */
  readonly reason: string | undefined
}

export interface Receipts {
  add(jti: string, receipt: ReceiptHeard): void
  of(jti: string): ReceiptHeard | undefined
  /** Whether a receipt for `jti` is there within `milliseconds`. */
  arrives(jti: string, milliseconds: number, signal: AbortSignal): Promise<boolean>
}

export function receiptBook(): Receipts {
  const heard = new Map<string, ReceiptHeard>()
  const waiting = new Map<string, () => void>()
  return {
    add(jti, receipt) {
      heard.set(jti, receipt)
      waiting.get(jti)?.()
    },
    of: (jti) => heard.get(jti),
    async arrives(jti, milliseconds, signal) {
      if (heard.has(jti)) return true
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, milliseconds)
      waiting.set(jti, resolve)
      signal.addEventListener('abort', () => resolve(), { once: true })
      await promise
      clearTimeout(timer)
      waiting.delete(jti)
      return heard.has(jti)
    },
  }
}
