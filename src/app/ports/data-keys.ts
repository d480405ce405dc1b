/** Stored data keys, for wrapping them anew when the key-encryption key was rotated. */

export interface StoredDataKey {
  readonly table: string
  readonly id: string
  readonly wrapped: Uint8Array
}

export interface DataKeyStore {
  /** Tables that hold wrapped data keys. */
  tables(): Promise<readonly string[]>
  /**
   * Looks at up to `limit` rows of the VASP after `after`, in the order of their ids, and gives those whose key another key-encryption key
   * than `kid` wrapped. `last` is where to go on; undefined at the end.
   */
  others(
    table: string,
    vaspId: string,
    kid: string,
    limit: number,
    after?: string,
  ): Promise<{ readonly keys: readonly StoredDataKey[]; readonly last: string | undefined }>
  /** Replaces it, unless somebody else has, or it was destroyed, meanwhile. */
  replace(vaspId: string, key: StoredDataKey, wrapped: Uint8Array): Promise<boolean>
}

/** How data keys are wrapped. */
export interface KeyWrapping {
  /** Key-encryption keys that were not destroyed, newest first. */
  keks(vaspId: string): Promise<readonly { readonly kid: string; readonly since: Date }[]>
  wrapDataKey(vaspId: string, dataKey: Uint8Array): Promise<Uint8Array>
  unwrapDataKey(vaspId: string, wrapped: Uint8Array): Promise<Uint8Array>
}
