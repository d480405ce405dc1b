/** Whether each VASP can log on to NATS now. */
import { connect } from 'nats'
import { type Config, readSecret } from '../../config.ts'
import type { ConfiguredVasp } from '../../vasps.ts'
import type { Finding } from './report.ts'

const PATIENCE_MILLISECONDS = 3_000

export async function checkNats(
  { nats }: Config,
  vasps: ReadonlyMap<string, ConfiguredVasp>,
): Promise<readonly Finding[]> {
  const tls = nats.ca !== undefined && {
    tls: {
      caFile: nats.ca,
      ...(nats.cert !== undefined && { certFile: nats.cert }),
      ...(nats.key !== undefined && { keyFile: nats.key }),
    },
  }
  const checks = [...vasps].map(async ([vaspId, vasp]): Promise<readonly Finding[]> => {
    try {
      const connection = await connect({
        name: 'tamga-doctor',
        servers: [...nats.servers],
        user: vasp.nats.user,
        pass: readSecret(`the NATS password of ${vaspId}`, vasp.nats.passwordFile),
        inboxPrefix: `_INBOX_${vaspId}`,
        ...tls,
        timeout: PATIENCE_MILLISECONDS,
        reconnect: false,
      })
      await connection.close()
      return []
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN'
      const message = `no log-on to ${nats.servers.join(', ')} (${code}): envelopes wait in the outbox until there is one`
      return [{ code: 'NATS_UNREACHABLE', subject: vaspId, message }]
    }
  })
  return (await Promise.all(checks)).flat()
}
