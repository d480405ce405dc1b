/** `tamga demo`: a Travel Rule network on this machine, to be tried out by hand; with `--check`, a scripted story on one of its own. */
import { parseArgs } from 'node:util'
import { hireStaff, staffed } from '../demo/console-people.ts'
import { liveTheDay } from '../demo/day/live.ts'
import { DEMO_VASPS, startDemo } from '../demo/demo-network.ts'
import { lockDirectory } from '../demo/instance-lock.ts'
import { writeProfiles } from '../demo/profiles.ts'
import { welcomeText, welcomeTo } from '../demo/welcome.ts'
import { type Command, type ExitCode, type Io, UsageError } from './command.ts'

export const command: Command = {
  usage: '[--directory DIR] [--json] | --check [--directory DIR] [--only TEXT] [--json]',
  summary:
    'Starts the local network (data in ./data unless said otherwise) until Ctrl-C; --check plays the story of what it must do, and judges it.',
  run(args, io) {
    const options = parse(args)
    return options.check ? playStory(options, io) : demo(options, io)
  },
}

interface Options {
  readonly check: boolean
  readonly json: boolean
  readonly directory: string | undefined
  readonly only: string | undefined
}

function parse(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        check: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        directory: { type: 'string' },
        only: { type: 'string' },
      },
    })
    return { ...values, directory: values.directory, only: values.only }
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'unreadable arguments')
  }
}

async function demo({ directory = 'data', json }: Options, io: Io): Promise<ExitCode> {
  const stopping = askedToStop()
  const startedAt = performance.now()
  const lock = lockDirectory(directory)
  try {
    if (!json) io.err('starting PostgreSQL, NATS, two gateways and a robot …')
    const running = await startDemo({ directory, vasps: DEMO_VASPS.map(staffed), consoles: true })
    try {
      const logins = await hireStaff(running.network)
      await liveTheDay(running.network)
      const welcome = welcomeTo(running.network, writeProfiles(running.network), logins)
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
      if (!stopping.aborted) io.out(json ? JSON.stringify(welcome) : welcomeText(welcome, seconds))
      await aborted(stopping)
      if (!json) io.err('stopping …')
    } finally {
      await running.stop()
    }
  } finally {
    lock.release()
  }
  return 0
}

async function playStory({ directory, json, only }: Options, io: Io): Promise<ExitCode> {
  const { checkStory } = await import('../demo/check.ts')
  const print = json ? () => undefined : (text: string) => io.out(text)
  const { ok, seconds, lines } = await checkStory({ directory, only, print, signal: askedToStop() })
  const wrong = lines.filter((line) => !line.ok).length
  if (json) io.out(JSON.stringify({ ok, seconds, lines }, null, 2))
  else io.out(`\n${lines.length - wrong} of ${lines.length} lines came out right, in ${seconds} s`)
  return ok ? 0 : 1
}

/** Aborts at the first signal, so that we stop in order; a second one ends us at once, and the children with us. */
function askedToStop(): AbortSignal {
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stopping.abort())
  return stopping.signal
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
