/** Commands that have verbs, as in `tamga transfers cancel`. */
import { type Command, type ExitCode, type Io, UsageError } from '../command.ts'

export interface Verb {
  /** What follows the verb, without the connection's options. */
  readonly usage: string
  run(args: readonly string[], io: Io): Promise<ExitCode>
}

export interface VerbsOptions {
  readonly name: string
  readonly summary: string
  readonly verbs: Readonly<Record<string, Verb>>
  /** The verb that is meant when none is named. */
  readonly fallback?: string
  /** What every verb takes. */
  readonly common: string
}

export function commandOfVerbs({ name, summary, verbs, fallback, common }: VerbsOptions): Command {
  const forms = Object.entries(verbs).map(([word, { usage }]) => `${word} ${usage}`.trim())
  return {
    usage: forms.join(' | '),
    summary: common === '' ? summary : `${summary} Each form also takes ${common}.`,
    run(args, io) {
      const [word = fallback ?? '', ...rest] = args
      const isVerb = Object.hasOwn(verbs, word)
      const verb = isVerb
        ? verbs[word]
        : fallback === undefined || !word.startsWith('-')
          ? undefined
          : verbs[fallback]
      if (verb === undefined)
        throw new UsageError(
          `${word === '' ? `${name} needs one of` : `${name} has no "${word}"; it has`} ${Object.keys(verbs).join(', ')}`,
        )
      return verb.run(isVerb ? rest : args, io)
    },
  }
}
