/** A client of a gateway, for our own command line and tests; integrators generate theirs from proto/. */
import { type ChannelCredentials, Client, credentials, Metadata } from '@grpc/grpc-js'
import { service as healthDefinition } from 'grpc-health-check'
import * as counterparty from '../gen/travelrule/v1/counterparty.ts'
import * as evidence from '../gen/travelrule/v1/evidence.ts'
import * as inbound from '../gen/travelrule/v1/inbound.ts'
import * as person from '../gen/travelrule/v1/person.ts'
import * as policy from '../gen/travelrule/v1/policy.ts'
import * as review from '../gen/travelrule/v1/review.ts'
import * as transfer from '../gen/travelrule/v1/transfer.ts'
import * as wallet from '../gen/travelrule/v1/wallet.ts'
import * as webhook from '../gen/travelrule/v1/webhook.ts'
import { type Api, apiOf, ask, type CallOptions } from './client-calls.ts'
import { PERSON_TOKEN } from './gate.ts'
import type { TlsMaterial } from './server.ts'

export { GatewayError } from './gateway-error.ts'

export interface GatewayAddress extends TlsMaterial {
  /** `host:port`, as in the server's certificate. */
  readonly address: string
  /** Names the person to the gateway, in every call. */
  readonly personToken?: string
}

export interface GatewayClient {
  readonly transfers: Api<typeof transfer.TransferServiceService>
  readonly inbound: Api<typeof inbound.InboundServiceService>
  readonly review: Api<typeof review.ReviewServiceService>
  readonly counterparties: Api<typeof counterparty.CounterpartyServiceService>
  readonly evidence: Api<typeof evidence.EvidenceServiceService>
  readonly webhooks: Api<typeof webhook.WebhookServiceService>
  readonly wallets: Api<typeof wallet.WalletServiceService>
  readonly people: Api<typeof person.PersonServiceService>
  readonly policies: Api<typeof policy.PolicyServiceService>
  readonly health: {
    /** `SERVING` or `NOT_SERVING`; of the whole gateway unless a service is named. */
    check(service?: string, options?: CallOptions): Promise<string>
  }
  close(): void
}

export function connectGateway({ address, ca, cert, key, personToken }: GatewayAddress): GatewayClient {
  const tls = credentials.createSsl(Buffer.from(ca), Buffer.from(key), Buffer.from(cert))
  const client = new Client(address, personToken === undefined ? tls : asPerson(tls, personToken))
  return {
    transfers: apiOf(client, transfer.TransferServiceService, transfer),
    inbound: apiOf(client, inbound.InboundServiceService, inbound),
    review: apiOf(client, review.ReviewServiceService, review),
    counterparties: apiOf(client, counterparty.CounterpartyServiceService, counterparty),
    evidence: apiOf(client, evidence.EvidenceServiceService, evidence),
    webhooks: apiOf(client, webhook.WebhookServiceService, webhook),
    wallets: apiOf(client, wallet.WalletServiceService, wallet),
    people: apiOf(client, person.PersonServiceService, person),
    policies: apiOf(client, policy.PolicyServiceService, policy),
    health: {
      async check(service = '', options = {}) {
        const { Check: method } = healthDefinition
        if (method === undefined) throw new Error('grpc-health-check has no Check')
        const answer: unknown = await ask(client, method, { service }, options)
        return typeof answer === 'object' && answer !== null && 'status' in answer
          ? String(answer.status)
          : 'UNKNOWN'
      },
    },
    close: () => client.close(),
  }
}

function asPerson(tls: ChannelCredentials, token: string): ChannelCredentials {
  const named = credentials.createFromMetadataGenerator((_, done) => {
    const metadata = new Metadata()
    metadata.set(PERSON_TOKEN, token)
    done(null, metadata)
  })
  return credentials.combineChannelCredentials(tls, named)
}
