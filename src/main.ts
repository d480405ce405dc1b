/** The command line: `tamga COMMAND …`. Each command is one file under src/cli, imported only when it is called. */
import type { Command, Io } from './cli/command.ts'

type Load = () => Promise<{ command: Command }>

/** As `tamga help` shows them. */
const GROUPS: Readonly<Record<string, Readonly<Record<string, Load>>>> = {
  'Try it': {
    demo: () => import('./cli/demo.ts'),
    bench: () => import('./cli/bench.ts'),
  },
  'Transfers, as an exchange or custody platform': {
    assess: () => import('./cli/assess.ts'),
    send: () => import('./cli/send.ts'),
    transfers: () => import('./cli/transfers.ts'),
    watch: () => import('./cli/watch.ts'),
    inbound: () => import('./cli/inbound.ts'),
    permit: () => import('./cli/permit.ts'),
  },
  'Holds and counterparties, as an officer': {
    'sign-in': () => import('./cli/sign-in.ts'),
    holds: () => import('./cli/holds.ts'),
    release: () => import('./cli/release.ts'),
    approve: () => import('./cli/approve.ts'),
    assign: () => import('./cli/assign.ts'),
    escalate: () => import('./cli/escalate.ts'),
    reject: () => import('./cli/reject.ts'),
    counterparty: () => import('./cli/counterparty.ts'),
    policy: () => import('./cli/policy.ts'),
  },
  'Prove what happened': {
    audit: () => import('./cli/audit.ts'),
    evidence: () => import('./cli/evidence.ts'),
  },
  'Run a gateway': {
    serve: () => import('./cli/serve.ts'),
    migrate: () => import('./cli/migrate.ts'),
    config: () => import('./cli/config.ts'),
    doctor: () => import('./cli/doctor.ts'),
    keys: () => import('./cli/keys.ts'),
    operator: () => import('./cli/operator.ts'),
    certs: () => import('./cli/certs.ts'),
    webhooks: () => import('./cli/webhooks.ts'),
    'nats-config': () => import('./cli/nats-config.ts'),
  },
  'Judge files, offline': {
    ivms101: () => import('./cli/ivms101.ts'),
    names: () => import('./cli/names.ts'),
    rules: () => import('./cli/rules.ts'),
    'travel-address': () => import('./cli/travel-address.ts'),
  },
}
const COMMANDS: Readonly<Record<string, Load>> = Object.assign({}, ...Object.values(GROUPS))

const io: Io = {
  env: process.env,
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
}

async function main(argv: readonly string[]): Promise<number> {
  const [name = 'help', ...args] = argv
  if (name === 'help' || name === '--help' || name === '-h') {
    const [word] = args
    if (name === 'help' && word !== undefined) return main([word, '--help'])
    await help()
    return 0
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (load === undefined) {
    io.err(`tamga: no command "${name}"; "tamga help" lists them`)
    return 2
  }
  const { command } = await load()
  if (args.includes('--help') || args.includes('-h')) {
    // One form to a line: `list … | get ID`, but not `[--as A | --address B]`.
    const forms = command.usage.split(/ \| (?=[a-z])/)
    io.out(`usage: ${forms.map((form) => `tamga ${name} ${form}`.trim()).join('\n       ')}\n`)
    io.out(command.summary)
    return 0
  }
  return command.run(args, io)
}

async function help(): Promise<void> {
  io.out('usage: tamga COMMAND … [--json]; exit 0 done, 1 the answer is no, 2 it could not be done')
  for (const [title, commands] of Object.entries(GROUPS)) {
    io.out(`\n${title}`)
    for (const [word, load] of Object.entries(commands)) {
      const { command } = await load()
      io.out(`  ${word.padEnd(15)} ${command.summary.split(/(?<=\.) /)[0] ?? ''}`)
    }
  }
  io.out('\n"tamga COMMAND --help" tells what a command takes; docs/cli.md has examples')
}

// A reader that stops reading (`tamga … | head`) ends us quietly.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2))

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  io.err(`tamga: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 2
}
