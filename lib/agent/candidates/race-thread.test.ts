import { describe, expect, it } from 'vitest'
import type { AgentEvent } from '../events'
import { attemptsModel, createRaceWorld, type Scripts } from '../testing/attempts'
import { patch, pieces, reply, say } from '../testing/scripted'
import { ofType } from '../testing/world'
import { createThread } from '../thread/thread'

const setA = patch('c1', '*** Update File: src/a.js', '-export const a = 1', '+export const a = 2')
const scripts: Scripts = {
  1: [reply(setA), reply(say('One.')), reply(say('Heard you.'))],
  2: [reply(setA), reply(say('Two.'))],
}

function open({
  policy = 'review' as 'review' | 'auto',
  earlier = [] as readonly AgentEvent[],
  scripts: told = scripts,
} = {}) {
  const world = createRaceWorld()
  const saved: AgentEvent[] = []
  const { model, requests } = attemptsModel(told)
  const thread = createThread({
    id: 'thread',
    events: earlier,
    policy,
    allowedRules: [],
    models: [],
    model: 'test',
    callModel: model,
    cores: 2,
    save: async (events) => void saved.push(...events),
    world: world.dependencies,
  })
  const asked = () =>
    new Promise<void>((resolve) => {
      const stop = thread.state.subscribe(({ choice }) => {
        if (choice === null) return
        stop()
        resolve()
      })
    })
  return { thread, saved, requests, world, asked }
}

describe('a thread with several attempts', () => {
  it('asks which to take, takes it, and goes on with what the user said meanwhile', async () => {
    const { thread, asked } = open()
    const turn = thread.send('Go', { candidates: 2 })
    await asked()
    expect(thread.state.getState().choice).toEqual({
      turnId: thread.state.getState().turnId,
      ranking: [0, 1],
      canRunAgain: false,
    })
    thread.steer('And now?')
    thread.choose({ kind: 'take', index: 0, files: [] })
    expect(await turn).toMatchObject({ status: 'done', message: 'Heard you.' })
    expect(thread.state.getState()).toMatchObject({ choice: null, running: false })
  })

  it('refuses what cannot be taken, and counts that make no sense', async () => {
    const { thread, asked } = open()
    expect(() => thread.choose({ kind: 'again' })).toThrow(/no attempts/)
    for (const candidates of [0, 9, 1.5]) await expect(thread.send('Go', { candidates })).rejects.toThrow(/1 to 8/)
    const turn = thread.send('Go', { candidates: 2 })
    await asked()
    expect(() => thread.choose({ kind: 'take', index: 5, files: [] })).toThrow(/Attempt 6 has nothing to take/)
    expect(() => thread.choose({ kind: 'again' })).toThrow(/come to their end/)
    await thread.stop()
    expect(await turn).toMatchObject({ status: 'stopped' })
    expect(thread.state.getState().choice).toBeNull()
  })

  it('asks again after a reload, with what was finished, and asks the model nothing', async () => {
    const first = open()
    const cut = first.thread.send('Go', { candidates: 2 })
    await first.asked()
    const { thread, asked, requests, world } = open({ earlier: [...first.saved] })
    await first.thread.stop()
    await cut
    expect(thread.state.getState().interrupted).toBe(true)
    const turn = thread.resume()
    await asked()
    thread.choose({ kind: 'take', index: 1, files: [] })
    expect(await turn).toMatchObject({ status: 'done', message: 'Two.' })
    expect(requests.size).toBe(0)
    expect(world.workspace.files.get('src/a.js')).toBe('export const a = 2\n')
  })

  it('lets the user stop the others and choose among what has ended', async () => {
    const { thread, asked } = open({ scripts: { ...scripts, 2: [pieces(say('Still'))] } })
    const turn = thread.send('Go', { candidates: 2 })
    const stop = thread.state.subscribe(({ events }) => {
      if (!events.some(({ type }) => type === 'candidate-end')) return
      stop()
      thread.endAttempts()
    })
    await asked()
    expect(thread.state.getState().choice).toMatchObject({ ranking: [0], canRunAgain: true })
    thread.choose({ kind: 'take', index: 0, files: [] })
    expect(await turn).toMatchObject({ status: 'done', message: 'One.' })
  })

  it('makes one attempt like any other turn when one is asked for', async () => {
    const { thread, saved } = open({ policy: 'auto' })
    await thread.send('Go', { candidates: 1 })
    expect(ofType(saved, 'candidates-start')).toEqual([])
    expect(ofType(saved, 'turn-start')[0]).not.toHaveProperty('candidates')
  })
})
