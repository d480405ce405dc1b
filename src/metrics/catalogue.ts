/** Every metric of the gateway: its name, what it means, its labels. docs/metrics.md and the alert rules are tested against it. */

export const BUSINESS_GAUGES = {
  tamga_transfers_open: { meaning: 'transfers that have not ended', labels: ['vasp', 'role', 'state'] },
  tamga_transfers_oldest_seconds: { meaning: 'age of the oldest of them', labels: ['vasp', 'role', 'state'] },
  tamga_holds_open: { meaning: 'open holds by reason', labels: ['vasp', 'reason', 'overdue'] },
  tamga_holds_oldest_seconds: {
    meaning: 'age of the oldest open hold',
    labels: ['vasp', 'reason', 'overdue'],
  },
  tamga_outbox_unreceipted: {
    meaning: 'messages that wait for a receipt',
    labels: ['vasp', 'counterparty'],
  },
  tamga_outbox_oldest_seconds: {
    meaning: 'age of the oldest message without a receipt',
    labels: ['vasp', 'counterparty'],
  },
  tamga_clocks_late_seconds: {
    meaning: 'how late the latest clock of a transfer is; above a minute, no gateway works on them',
    labels: ['vasp'],
  },
  tamga_counterparty_reachable_seconds: {
    meaning: 'for how long the reachability proof of a counterparty still holds; negative once it has lapsed',
    labels: ['vasp', 'counterparty'],
  },
  tamga_counterparty_suspended: {
    meaning: '1 while a counterparty is suspended',
    labels: ['vasp', 'counterparty'],
  },
  tamga_counterparty_silent: {
    meaning: '1 while a counterparty receipts nothing, pings neither, and new transfers to it are held',
    labels: ['vasp', 'counterparty'],
  },
  tamga_security_events: { meaning: 'messages refused, of all time, by reason', labels: ['vasp', 'reason'] },
  tamga_webhooks: { meaning: 'webhooks by state: ok, failing or disabled', labels: ['vasp', 'state'] },
  tamga_webhook_messages_given_up: {
    meaning: 'messages that webhooks did not take in ten attempts',
    labels: ['vasp'],
  },
} as const

export const PROCESS_GAUGES = {
  tamga_event_loop_lag_seconds: {
    meaning: '99th percentile of how late timers rang since the last scrape',
    labels: [],
  },
  tamga_memory_bytes: { meaning: 'resident memory of the process', labels: [] },
  tamga_database_connections: { meaning: 'connections to PostgreSQL, by use', labels: ['use'] },
  tamga_database_waiting: { meaning: 'queries that wait for a connection', labels: [] },
  tamga_nats_connected: { meaning: '1 while a VASP’s link to NATS is up', labels: ['vasp'] },
  tamga_scrape_failed: { meaning: '1 when the database could not be asked for this scrape', labels: [] },
} as const

export const COUNTERS = {
  tamga_calls_total: { meaning: 'gRPC calls answered', labels: ['method', 'code'] },
  tamga_calls_refused_total: {
    meaning: 'gRPC calls refused, by the reason of the error catalogue',
    labels: ['reason'],
  },
  tamga_transfers_ended_total: {
    meaning: 'outcomes of transfers, by this replica',
    labels: ['vasp', 'role', 'outcome'],
  },
  tamga_newer_words_total: {
    meaning: 'words of a newer version that this replica read and does not know',
    labels: ['kind'],
  },
} as const

export const HISTOGRAMS = {
  tamga_call_seconds: { meaning: 'how long a unary gRPC call took', labels: ['method'] },
  tamga_decision_seconds: {
    meaning: 'from a transfer’s creation to its acceptance, rejection, withdrawal or expiry',
    labels: ['vasp', 'role', 'outcome'],
  },
} as const

export type BusinessGauge = keyof typeof BUSINESS_GAUGES
export type ProcessGauge = keyof typeof PROCESS_GAUGES

/** A value with its labels. */
export interface Sample<Name extends string> {
  readonly name: Name
  readonly value: number
  readonly labels: Readonly<Record<string, string>>
}
