/** JSON that two readers could understand differently: of two members of one name each takes its own (RFC 8259, 4). */
import { readJson } from '../domain/ivms101/json-reader.ts'

const LIMITS = { bytesMax: 4_000_000, depthMax: 256, nodesMax: 1_000_000 }

export function namesMemberTwice(text: string): boolean {
  return readJson(text, LIMITS).findings.some(({ code }) => code === 'DUPLICATE_MEMBER')
}
