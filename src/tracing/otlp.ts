/**
 * Spans by OpenTelemetry, sent by OTLP over HTTP. A trace is a transfer: its id is the transfer's, and the span that sends an envelope has
 * an id made of the envelope's. So the spans of two gateways join without anything added to what they say to each other, and neither has
 * to trust the other's word about a trace.
 */
import { createHash, randomBytes } from 'node:crypto'
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import type { Traced, Tracer } from '../app/ports.ts'

export interface Tracing extends Tracer {
  /** Sends what is left; gives up after a few seconds. */
  close(): Promise<void>
}

/** What a collector that is down costs: this many spans in memory, then they are dropped. */
const QUEUE_MAX = 2_048
const EXPORT_MILLISECONDS = 3_000
const SEND_EVERY_MILLISECONDS = 1_000

const KINDS = { call: SpanKind.SERVER, send: SpanKind.PRODUCER, receive: SpanKind.CONSUMER } as const

/** `url` is the collector's base, as in `http://127.0.0.1:4318`. */
export function otlpTracing(url: string): Tracing {
  const exporter = new OTLPTraceExporter({
    url: `${url.replace(/\/$/, '')}/v1/traces`,
    timeoutMillis: EXPORT_MILLISECONDS,
  })
  const batches = new BatchSpanProcessor({
    exporter,
    maxQueueSize: QUEUE_MAX,
    exportTimeoutMillis: EXPORT_MILLISECONDS,
    scheduledDelayMillis: SEND_EVERY_MILLISECONDS,
  })
  const random = (bytes: number) => randomBytes(bytes).toString('hex')
  let chosen: string | undefined
  const provider = new TracerProvider({
    spanProcessors: [batches],
    idGenerator: { generateTraceId: () => random(16), generateSpanId: () => chosen ?? random(8) },
  })
  const tracer = provider.getTracer('tamga')

  return {
    record(traced) {
      const { kind, jti, transferId, begun, ended, failure } = traced
      // Read within startSpan, before anything else can run.
      chosen = kind === 'send' && jti !== undefined ? spanIdOf(jti) : undefined
      const span = tracer.startSpan(
        `${kind} ${traced.name}`,
        { kind: KINDS[kind], startTime: begun, attributes: attributesOf(traced) },
        trace.setSpanContext(ROOT_CONTEXT, {
          traceId: transferId.replaceAll('-', ''),
          spanId: kind === 'receive' && jti !== undefined ? spanIdOf(jti) : rootOf(transferId),
          traceFlags: TraceFlags.SAMPLED,
          isRemote: true,
        }),
      )
      chosen = undefined
      if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failure })
      span.end(ended)
    },
    close: () => provider.shutdown().catch(() => undefined),
  }
}

/** An allow-list: names and ids, as the log has them. */
function attributesOf({ vaspId, transferId, jti, counterpartyId }: Traced): Record<string, string> {
  return {
    'tamga.vasp': vaspId,
    'tamga.transfer': transferId,
    ...(jti !== undefined && { 'tamga.envelope': jti }),
    ...(counterpartyId !== undefined && { 'tamga.counterparty': counterpartyId }),
  }
}

function spanIdOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** The parent of what no envelope caused: the same for all of them, so that they stand side by side. */
function rootOf(transferId: string): string {
  return spanIdOf(`transfer ${transferId}`)
}
