/** Traces: what was done for one transfer, at both VASPs, and when. Ids, codes and numbers only. */

export interface Traced {
  /** `call`: a gRPC call. `send` and `receive`: an envelope at either end. */
  readonly kind: 'call' | 'send' | 'receive'
  /** Method or type of message. */
  readonly name: string
  readonly vaspId: string
  /** UUID, the same at both VASPs: it is the id of the trace. */
  readonly transferId: string
  /** Of the envelope: `receive` is a child of the `send` with the same one, in whichever gateway. */
  readonly jti?: string
  readonly counterpartyId?: string
  /** Status, or why an envelope was refused; absent when all went well. */
  readonly failure?: string
  readonly begun: Date
  readonly ended: Date
}

export interface Tracer {
  record(traced: Traced): void
}
