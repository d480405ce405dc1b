/**
 * Real programs as children: one log file each, ready when a predicate says so, stopped in order, never orphaned.
 *
 * A child is the leader of its own session, so that Ctrl-C in a terminal reaches only us and we stop the others in order.
 * A watchdog (a shell waiting on a pipe that only we hold) ends the child when we end, however we end, even by SIGKILL.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { basename } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

export interface ChildExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Starting {
  readonly pid: number
  /** What the child has written to its log since this start. */
  readonly log: () => string
}

export interface ChildOptions {
  readonly command: string
  readonly args: readonly string[]
  /** The child's whole environment; the caller's own when absent. */
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  /** Standard output and standard error are appended here. */
  readonly logFile: string
  /** Run as this user; only root may. */
  readonly owner?: { readonly uid: number; readonly gid: number }
  /** Open file descriptors handed to the child as 3, 4, … */
  readonly descriptors?: readonly number[]
  /** Asked every 20 ms until true. Absent: ready as soon as started. */
  readonly ready?: (starting: Starting) => boolean | Promise<boolean>
  readonly readyTimeoutMs?: number
  /** What asks this program to end in order; SIGTERM unless said otherwise. */
  readonly stopSignal?: NodeJS.Signals
  /** How long after `stopSignal` SIGKILL follows. */
  readonly graceMs?: number
}

export interface Child {
  readonly pid: number
  readonly exited: Promise<ChildExit>
  running(): boolean
  /** Asks the child to end, by SIGKILL after the grace; resolves when it has ended. */
  stop(): Promise<ChildExit>
  kill9(): Promise<ChildExit>
  /** SIGSTOP and SIGCONT: the process stays and answers nothing. */
  pause(): void
  resume(): void
  signal(name: NodeJS.Signals): void
  /** What the child has written to its log since this start. */
  readonly log: () => string
}

/** Ends process $2 with signal $1, by KILL after 5 s, unless a line arrives before the pipe closes. */
const WATCHDOG = `read -r _ && exit 0
kill -s "$1" "$2" 2>/dev/null || exit 0
kill -s CONT "$2" 2>/dev/null
i=0
while [ $i -lt 50 ] && kill -0 "$2" 2>/dev/null; do sleep 0.1; i=$((i + 1)); done
kill -s KILL "$2" 2>/dev/null`

/** Starts a child and waits until it is ready. Throws when it ends or is silent for too long, with its last log lines. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { stopSignal = 'SIGTERM' } = options
  const logDescriptor = openSync(options.logFile, 'a', 0o600)
  const logStart = fstatSync(logDescriptor).size
  const child = spawn(options.command, [...options.args], {
    detached: true,
    stdio: ['ignore', logDescriptor, logDescriptor, ...(options.descriptors ?? [])],
    ...(options.env && { env: options.env }),
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    ...options.owner,
  })
  closeSync(logDescriptor)
  const exited = exitOf(child)
  if (child.pid === undefined)
    throw new Error(`cannot start ${options.command}`, { cause: await spawnError(child) })
  const handle = childHandle(child, child.pid, exited, options, logStart)
  guard(child.pid, stopSignal, exited)
  await waitUntilReady(handle, options)
  return handle
}

function childHandle(
  child: ChildProcess,
  pid: number,
  exited: Promise<ChildExit>,
  options: ChildOptions,
  logStart: number,
): Child {
  const running = () => child.exitCode === null && child.signalCode === null
  const signal = (name: NodeJS.Signals) => running() && child.kill(name)
  return {
    pid,
    exited,
    running,
    async stop() {
      signal(options.stopSignal ?? 'SIGTERM')
      // A paused child acts on the signal only once it goes on.
      signal('SIGCONT')
      const cancel = new AbortController()
      const grace = delay(options.graceMs ?? 10_000, undefined, { signal: cancel.signal }).then(
        () => killGroup(pid),
        () => undefined,
      )
      const exit = await exited
      cancel.abort()
      await grace
      return exit
    },
    kill9() {
      signal('SIGKILL')
      return exited
    },
    pause: () => void signal('SIGSTOP'),
    resume: () => void signal('SIGCONT'),
    signal: (name) => void signal(name),
    log: () => readFrom(options.logFile, logStart),
  }
}

/** The log may hold years; only what came since `start` is read. */
function readFrom(file: string, start: number): string {
  const descriptor = openSync(file, 'r')
  try {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(descriptor).size - start))
    return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, start)).toString('utf8')
  } finally {
    closeSync(descriptor)
  }
}

/** The child leads its own process group, so this reaches what it started too. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It ended by itself meanwhile.
  }
}

function exitOf(child: ChildProcess): Promise<ChildExit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', () => resolve({ code: null, signal: null }))
  })
}

function spawnError(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => void child.once('error', resolve))
}

function guard(pid: number, stopSignal: NodeJS.Signals, exited: Promise<ChildExit>): void {
  const watchdog = spawn('sh', ['-c', WATCHDOG, 'watchdog', stopSignal.replace('SIG', ''), String(pid)], {
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  watchdog.on('error', () => undefined)
  watchdog.stdin.on('error', () => undefined)
  watchdog.unref()
  // The pipe must not keep us running; its type lacks the socket's unref.
  if ('unref' in watchdog.stdin && typeof watchdog.stdin.unref === 'function') watchdog.stdin.unref()
  void exited.then(() => watchdog.stdin.end('ended\n'))
}

async function waitUntilReady(child: Child, options: ChildOptions): Promise<void> {
  const { ready = () => true, readyTimeoutMs = 30_000 } = options
  const name = basename(options.command)
  const deadline = Date.now() + readyTimeoutMs
  while (!(await ready(child))) {
    if (!child.running()) {
      const { code, signal } = await child.exited
      throw new Error(
        `${name} ended (${signal ?? code ?? 'not started'}) before it was ready\n${lastLines(child)}`,
      )
    }
    if (Date.now() > deadline) {
      await child.kill9()
      throw new Error(`${name} was not ready after ${readyTimeoutMs / 1000} s\n${lastLines(child)}`)
    }
    await delay(20)
  }
}

export function lastLines(child: Child): string {
  return child.log().trimEnd().split('\n').slice(-15).join('\n')
}
