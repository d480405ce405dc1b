/** The gRPC front door: mTLS, the gate, our four services, health, and reflection where it is wanted. */
import { Server, ServerCredentials } from '@grpc/grpc-js'
import type { Gateway } from '../app/gateway.ts'
import type { Meter, Tracer } from '../app/ports.ts'
import { CounterpartyServiceService } from '../gen/travelrule/v1/counterparty.ts'
import { EvidenceServiceService } from '../gen/travelrule/v1/evidence.ts'
import { InboundServiceService } from '../gen/travelrule/v1/inbound.ts'
import { PersonServiceService } from '../gen/travelrule/v1/person.ts'
import { PolicyServiceService } from '../gen/travelrule/v1/policy.ts'
import { ReviewServiceService } from '../gen/travelrule/v1/review.ts'
import { TransferServiceService } from '../gen/travelrule/v1/transfer.ts'
import { WalletServiceService } from '../gen/travelrule/v1/wallet.ts'
import { WebhookServiceService } from '../gen/travelrule/v1/webhook.ts'
import { counterpartyService } from './counterparty-service.ts'
import { evidenceService } from './evidence-service.ts'
import { makeGate } from './gate.ts'
import { addHealth } from './health.ts'
import { requestGuard } from './idempotency.ts'
import { inboundService } from './inbound-service.ts'
import { channelOptions, DEFAULT_LIMITS, type Limits } from './limits.ts'
import type { Log } from './log.ts'
import { personService } from './person-service.ts'
import { policyService } from './policy-service.ts'
import { type Gauge, loopPressure } from './pressure.ts'
import { readable } from './readable.ts'
import { addReflection } from './reflection.ts'
import { reviewService } from './review-service.ts'
import type { RevocationFile } from './revoked.ts'
import { transferService } from './transfer-service.ts'
import { walletService } from './wallet-service.ts'
import { webhookService } from './webhook-service.ts'

/** PEM. `ca` signs what the other side must show. */
export interface TlsMaterial {
  readonly ca: string | Buffer
  readonly cert: string | Buffer
  readonly key: string | Buffer
}

export interface GrpcServerOptions {
  readonly gateway: Gateway
  readonly tls: TlsMaterial
  /** As in `tamga.local`. */
  readonly trustDomain: string
  /** The local VASPs whose callers are let in. */
  readonly vaspIds: ReadonlySet<string>
  /** Certificates of callers that were taken back; its owner closes it. */
  readonly revocations?: RevocationFile | undefined
  /** `host:port`; port 0 takes any. */
  readonly listen: string
  /** For sandboxes. */
  readonly reflection: boolean
  readonly log: Log
  readonly meter?: Meter
  readonly tracer?: Tracer | undefined
  readonly limits?: Partial<Limits>
  /** Whether this process keeps up; by its event loop when absent. */
  readonly pressure?: Gauge
}

export interface GrpcServer {
  readonly port: number
  /** What health says; false until it is called. */
  setServing(serving: boolean): void
  /** Says NOT_SERVING, ends streams and waits, lets unary calls finish for `limits.drainMs`, then closes. May be called again. */
  drain(): Promise<void>
}

export const SERVICE_NAMES = [
  'travelrule.v1.TransferService',
  'travelrule.v1.InboundService',
  'travelrule.v1.ReviewService',
  'travelrule.v1.CounterpartyService',
  'travelrule.v1.EvidenceService',
  'travelrule.v1.WalletService',
  'travelrule.v1.WebhookService',
  'travelrule.v1.PersonService',
  'travelrule.v1.PolicyService',
] as const

export async function startGrpcServer(options: GrpcServerOptions): Promise<GrpcServer> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const loop = options.pressure ?? loopPressure()
  const gate = makeGate({
    perimeter: { ...options, revoked: () => options.revocations?.current() },
    limits,
    log: options.log,
    meter: options.meter,
    tracer: options.tracer,
    pressure: () => loop.level(),
    people: options.gateway.people,
  })
  options.revocations?.onChange(() => gate.recheck())
  const server = new Server({ ...channelOptions(limits), interceptors: [gate.interceptor] })
  addServices(server, options.gateway)
  const health = addHealth(server, SERVICE_NAMES)
  if (options.reflection) addReflection(server)
  const port = await bind(server, options.listen, credentials(options.tls))
  let drained: Promise<void> | undefined
  return {
    port,
    setServing: (serving) => {
      if (drained === undefined) health.setServing(serving)
    },
    drain() {
      drained ??= close(server, limits.drainMs, () => {
        health.setServing(false)
        loop.stop()
        gate.drain()
      })
      return drained
    },
  }
}

function addServices(
  server: Server,
  { transfers, inbound, review, counterparties, evidence, wallets, webhooks, people, policies }: Gateway,
): void {
  const once = requestGuard()
  server.addService(readable(TransferServiceService), transferService(transfers, once))
  server.addService(readable(InboundServiceService), inboundService(inbound, transfers, once))
  server.addService(readable(ReviewServiceService), reviewService(review, transfers, once))
  server.addService(readable(CounterpartyServiceService), counterpartyService(counterparties, once))
  server.addService(readable(EvidenceServiceService), evidenceService(evidence))
  server.addService(readable(WalletServiceService), walletService(wallets, once))
  server.addService(readable(WebhookServiceService), webhookService(webhooks, once))
  server.addService(readable(PersonServiceService), personService(people))
  server.addService(readable(PolicyServiceService), policyService(policies, once))
}

function credentials({ ca, cert, key }: TlsMaterial): ServerCredentials {
  const pair = { cert_chain: Buffer.from(cert), private_key: Buffer.from(key) }
  return ServerCredentials.createSsl(Buffer.from(ca), [pair], true)
}

function bind(server: Server, address: string, tls: ServerCredentials): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  server.bindAsync(address, tls, (error, port) => (error === null ? resolve(port) : reject(error)))
  return promise
}

function close(server: Server, graceMs: number, quiet: () => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const force = setTimeout(() => {
    server.forceShutdown()
    resolve()
  }, graceMs)
  // First no new calls, then an end to those that would not end.
  server.tryShutdown(() => {
    clearTimeout(force)
    resolve()
  })
  quiet()
  return promise
}
