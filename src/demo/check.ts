import type { ExitCode, Io } from '../cli/command.ts'
export async function checkStory(
  _: { directory: string | undefined; json: boolean; only: string | undefined },
  __: Io,
): Promise<ExitCode> {
  return 2
}
