import { describeConfig } from '../config.ts'
import type { Command } from './command.ts'

export const command: Command = {
  usage: '[--json]',
  summary: 'Prints every setting of the gateway, what it means, and its value here.',
  run(args, io) {
    const settings = describeConfig(io.env)
    if (args.includes('--json')) {
      io.out(JSON.stringify(settings))
      return Promise.resolve(0)
    }
    for (const { name, meaning, value, fallback } of settings) {
      const shown = value ?? (fallback === undefined ? '(not set)' : `${fallback} (default)`)
      io.out(`${name}\n    ${meaning}\n    ${shown}`)
    }
    return Promise.resolve(0)
  },
}
