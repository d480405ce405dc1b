/** Asking a person for a secret: not shown while it is typed; from a pipe it is the first line. */
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import type { Io } from '../command.ts'

export async function askSecret(question: string, io: Io): Promise<string> {
  io.err(question)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: process.stdin.isTTY })
  try {
    return await lines.question('')
  } finally {
    lines.close()
  }
}
