/** Reading what may be endless (a device, a pipe) or larger than anybody will judge. */
import { closeSync, openSync, readSync } from 'node:fs'

/** What a file holds, or standard input for `-`: all of it, or a little more than `bytesMax` bytes, which tells that there is too much. */
export function readBounded(file: string, bytesMax: number): Uint8Array {
  const descriptor = file === '-' ? 0 : openSync(file, 'r')
  try {
    const bytes = Buffer.alloc(bytesMax + 1)
    let length = 0
    while (length < bytes.length) {
      const read = readSome(descriptor, bytes, length)
      if (read === 0) break
      length += read
    }
    return bytes.subarray(0, length)
  } finally {
    if (descriptor !== 0) closeSync(descriptor)
  }
}

const POLL_MS = 10

/** Whoever shares our standard input may have made it non-blocking: then nothing there yet is an error, and not the end. */
function readSome(descriptor: number, bytes: Buffer, offset: number): number {
  while (true) {
    try {
      return readSync(descriptor, bytes, offset, bytes.length - offset, null)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS)
    }
  }
}
