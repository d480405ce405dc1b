/** Which counterparties do not answer, shared by all replicas: told by receipts alone, since a broker's word proves nothing. */

/**
 * A counterparty is in one of three conditions. Unsuspected: nothing is known against it. Suspected: a message went unreceipted through
 * several attempts, and it is pinged. Silent: it did not receipt the ping either.
 */
export interface CircuitStore {
  /** Suspects those with a message that had `attempts` attempts and no receipt, sent since they were last heard. Returns the new ones. */
  suspect(vaspId: string, attempts: number, now: Date): Promise<readonly string[]>
  /** Claims the suspected and silent ones whose ping is due, and sets the next one. Of two replicas, one gets each. */
  claimPings(vaspId: string, now: Date, nextAt: Date): Promise<readonly string[]>
  pinged(vaspId: string, counterpartyId: string, jti: string): Promise<void>
  /** The pinged ones that have been suspected since before `before` become silent. Returns them. */
  silence(vaspId: string, before: Date, now: Date): Promise<readonly string[]>
  /** Those that receipted the ping, or the message that brought them here, are unsuspected again. Returns those that had been silent. */
  hear(vaspId: string): Promise<readonly string[]>
  /** Transfers that are held, unsent, for the silence of a counterparty that is silent no longer; at most `limit`. */
  resumable(vaspId: string, limit: number): Promise<readonly string[]>
}
