import { loadConfig } from '../config.ts'
import { describeFault, rootLog } from '../log.ts'
import { startGateway } from '../start-gateway.ts'
import type { Command } from './command.ts'

export const command: Command = {
  usage: '',
  summary:
    'Runs the gateway with the settings of the environment (see "tamga config") until SIGTERM or SIGINT.',
  async run(_args, io) {
    const config = loadConfig(io.env)
    const log = rootLog(config.logLevel)
    // Node would print the error's message, which may quote what it choked on.
    for (const event of ['uncaughtException', 'unhandledRejection'] as const)
      process.on(event, (error: unknown) => {
        log.fatal({ fault: describeFault(error) }, 'unexpected fault; ending')
        process.exit(2)
      })
    const gateway = await startGateway(config, log)
    log.info({ grpcPort: gateway.grpcPort, httpPort: gateway.httpPort }, 'gateway ready')
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve())
    })
    log.info({}, 'draining')
    await gateway.stop()
    return 0
  },
}
