import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * Runs `script` (an ES module that prints the process id of a child it started and stays) and kills it with SIGKILL. True
 * when the child has gone within ten seconds.
 */
export async function orphanOf(script: string): Promise<boolean> {
  const parent = spawn(
    process.execPath,
    ['--input-type=module', '-e', `${script}\nsetInterval(() => {}, 1e6)`],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const [line]: unknown[] = await once(createInterface(parent.stdout), 'line')
  parent.kill('SIGKILL')
  for (let waited = 0; waited < 10_000; waited += 50) {
    if (!alive(Number(line))) return true
    await delay(50)
  }
  return false
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
