/** The shape of every `tamga` command: one file under src/cli each, loaded only when it is asked for. */

/** 0 done; 1 the answer is no (invalid, refused, not verified); 2 it could not be done. */
export type ExitCode = 0 | 1 | 2

export interface Io {
  readonly env: NodeJS.ProcessEnv
  /** One line of the answer, on standard output. */
  out(line: string): void
  /** One line for the person, on standard error. */
  err(line: string): void
}

export interface Command {
  /** What follows the command's name, as in `validate [--json] FILE…`. */
  readonly usage: string
  /** One sentence for `tamga help`. */
  readonly summary: string
  run(args: readonly string[], io: Io): Promise<ExitCode>
}

/** A mistake in how a command was called: printed as one sentence, exit 2, no stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
