import { describe, expect, it } from 'vitest'
import { playScene, type Scene } from '../../../src/demo/scene.ts'
import { STORY } from '../../../src/demo/story.ts'
import { tableLine } from '../../../src/demo/table.ts'

/** On no stage at all. */
function sceneThat(play: Scene<undefined>['play']): Scene<undefined> {
  return { title: 'a scene', expect: { alice: 'ACCEPTED', permits: 1 }, play }
}

const play = (scene: Scene<undefined>) => playScene('a theme', scene, undefined)

describe('a line of the story', () => {
  it('is right when exactly what had to happen happened', async () => {
    const line = await play(sceneThat(async () => ({ permits: 1, alice: 'ACCEPTED' })))
    expect(line.ok).toBe(true)
  })

  it.each([
    ['something else', { alice: 'REJECTED', permits: 1 }],
    ['less', { alice: 'ACCEPTED' }],
    ['more', { alice: 'ACCEPTED', permits: 1, surprises: 1 }],
    ['a number as a text', { alice: 'ACCEPTED', permits: '1' }],
    ['nothing', {}],
  ])('is wrong when %s happened', async (_, happened) => {
    const line = await play(sceneThat(async () => happened))
    expect(line).toMatchObject({ ok: false, happened })
  })

  it('is wrong, and tells why, when the scene fails', async () => {
    const line = await play(sceneThat(() => Promise.reject(new TypeError('the gateway is gone'))))
    expect(line).toMatchObject({ ok: false, happened: { failed: 'TypeError: the gateway is gone' } })
  })

  it('says WRONG in the table, and both what had to happen and what did', async () => {
    const line = await play(sceneThat(async () => ({ alice: 'REJECTED', permits: 0 })))
    const text = tableLine(line)
    expect(text).toContain('WRONG')
    expect(text).toContain('alice: ACCEPTED')
    expect(text).toContain('alice: REJECTED')
  })
})

it('names every scene of the story differently', () => {
  const titles = STORY.flatMap(({ scenes }) => scenes.map(({ title }) => title))
  expect(new Set(titles).size).toBe(titles.length)
})
