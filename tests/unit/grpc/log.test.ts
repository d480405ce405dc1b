import { describe, expect, it } from 'vitest'
import { describeFault } from '../../../src/grpc/log.ts'

const SECRET = 'Wu Xinli, 72 Dostyk'

describe('a fault in the log', () => {
  it('has name, code and frames of the error and its causes', () => {
    const cause = Object.assign(new TypeError('low'), { code: '23505' })
    const record = describeFault(new Error('high', { cause }))
    expect(record).toMatchObject({ name: 'Error', cause: { name: 'TypeError', code: '23505' } })
    expect(record.frames[0]).toContain('log.test.ts')
  })

  it.each([
    new Error(SECRET),
    new Error(`first line\n    at ${SECRET}`),
    new Error('outer', { cause: new Error(SECRET) }),
    Object.assign(new Error('x'), { code: SECRET }),
    Object.assign(new Error('x'), { detail: SECRET, name: 'Error' }),
    SECRET,
    { message: SECRET },
  ])('never repeats a message', (thrown) => {
    expect(JSON.stringify(describeFault(thrown))).not.toContain('Xinli')
  })

  it('ends, even where causes go in a circle', () => {
    const error = new Error('a')
    error.cause = error
    expect(JSON.stringify(describeFault(error)).length).toBeLessThan(10_000)
  })
})
