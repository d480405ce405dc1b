/** The command line: `tamga COMMAND …`. Each command is one file under src/cli, imported only when it is called. */
import type { Command, Io } from './cli/command.ts'

const COMMANDS: Readonly<Record<string, () => Promise<{ command: Command }>>> = {
  demo: () => import('./cli/demo.ts'),
  serve: () => import('./cli/serve.ts'),
  migrate: () => import('./cli/migrate.ts'),
  config: () => import('./cli/config.ts'),
  ivms101: () => import('./cli/ivms101.ts'),
  rules: () => import('./cli/rules.ts'),
  permit: () => import('./cli/permit.ts'),
  certs: () => import('./cli/certs.ts'),
  bench: () => import('./cli/bench.ts'),
  'nats-config': () => import('./cli/nats-config.ts'),
}

const io: Io = {
  env: process.env,
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
}

async function main(argv: readonly string[]): Promise<number> {
  const [name = 'help', ...args] = argv
  if (name === 'help' || name === '--help' || name === '-h') {
    io.out('usage: tamga COMMAND [--json] …\n')
    for (const [word, load] of Object.entries(COMMANDS)) {
      const { command } = await load()
      io.out(`  ${word} ${command.usage}\n      ${command.summary}`)
    }
    return 0
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (load === undefined) {
    io.err(`tamga: no command "${name}"; "tamga help" lists them`)
    return 2
  }
  const { command } = await load()
  if (args.includes('--help') || args.includes('-h')) {
    io.out(`usage: tamga ${name} ${command.usage}\n${command.summary}`)
    return 0
  }
  return command.run(args, io)
}

// A reader that stops reading (`tamga … | head`) ends us quietly.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2))

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  io.err(`tamga: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 2
}
