import { readFileSync } from 'node:fs'
import { status } from '@grpc/grpc-js'
import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS } from '../../../src/grpc/limits.ts'
import { RETRY_AFTER_MS, STATUS_OF } from '../../../src/grpc/status.ts'
import { REFUSAL_CODES } from './refusals.ts'

const page = readFileSync('docs/errors.md', 'utf8')
const [, section = ''] = /## Refusals\n([^]*?)\n## /.exec(page) ?? []
const rows = [...section.matchAll(/^\| `([A-Z_]+)` \| `([A-Z_]+)` \| (.+) \| (.+) \|$/gm)]

describe('the error catalogue', () => {
  it('has every refusal once, and no other', () => {
    expect(rows.map(([, code]) => code)).toEqual(REFUSAL_CODES)
  })

  it.each(REFUSAL_CODES)('tells the status of %s, and when to repeat the call', (code) => {
    const [, , name, meaning = ''] = rows.find(([, listed]) => listed === code) ?? []
    expect(name).toBe(status[STATUS_OF[code]])
    expect(/Retry: (\d+) ms/.exec(meaning)?.[1]).toBe(RETRY_AFTER_MS[code]?.toString())
  })

  it('tells the limits as they are', () => {
    const { callsPerCaller, watchesPerCaller, unaryMs, waitingUnaryMs, metadataEntriesMax } = DEFAULT_LIMITS
    const { callsPerSecond, callsBurst } = DEFAULT_LIMITS
    expect(page).toContain(
      `(${callsPerSecond} a second, ${callsBurst} at once after a rest, per replica, unless`,
    )
    expect(page).toContain(`(${callsPerCaller} and ${watchesPerCaller} unless`)
    expect(page).toContain(`${unaryMs / 1000} s; ${waitingUnaryMs / 1000} s for the two calls`)
    expect(page).toContain(`(${metadataEntriesMax}, ${DEFAULT_LIMITS.metadataBytesMax / 1024} KiB)`)
    expect(page).toContain(`larger than ${DEFAULT_LIMITS.receiveBytesMax / 1024} KiB`)
  })
})
