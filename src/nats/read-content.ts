/** Opened content with its type, as one value that tells which of the two it is. */
import type { Content } from '../app/ports.ts'
import { parseContent } from './contents.ts'

/** Throws ContentError when the content is not what its type says. */
export function readContent(type: Content['type'], content: unknown): Content {
  switch (type) {
    case 'transfer.request':
      return { type, content: parseContent(type, content) }
    case 'transfer.repair':
      return { type, content: parseContent(type, content) }
    case 'transfer.answer':
      return { type, content: parseContent(type, content) }
    case 'transfer.cancel':
      return { type, content: parseContent(type, content) }
    case 'transfer.settled':
      return { type, content: parseContent(type, content) }
    case 'transfer.returned':
      return { type, content: parseContent(type, content) }
    case 'deposit.inquiry':
      return { type, content: parseContent(type, content) }
    case 'deposit.answer':
      return { type, content: parseContent(type, content) }
    case 'card':
      return { type, content: parseContent(type, content) }
    case 'ping':
    case 'pong':
      return { type, content: parseContent(type, content) }
  }
}
