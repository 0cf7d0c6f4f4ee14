import { describe, expect, it } from 'vitest'
import type { AgentEvent } from '../events'
import { textOf } from '../history'
import type { LimitSet } from '../limits/limits'
import { parseEvents } from '../stored/parse-events'
import { attemptsModel, createRaceWorld, type Scripts } from '../testing/attempts'
import { call, patch, reply, say } from '../testing/scripted'
import { ofType } from '../testing/world'
import { createThread } from '../thread/thread'
import { emptyThread, foldThread } from '../view/thread-view'

const none: LimitSet = { steps: null, tokens: null, seconds: null, dollars: null }
const set = (name: string) =>
  patch(`set-${name}`, `*** Update File: src/${name}.js`, `-export const ${name} = 1`, `+export const ${name} = 2`)
const look = reply(call('look', 'read_file', { path: 'src/a.js' }))
/** Each needs three steps; only the second mends all. */
const scripts: Scripts = {
  1: [reply(set('a')), look, reply(say('One.'))],
  2: [reply(set('a')), reply(set('b')), reply(say('Two.'))],
}

interface Options {
  policy?: 'auto' | 'review'
  scripts?: Scripts
  limit?: Partial<LimitSet>
  earlier?: readonly AgentEvent[]
  world?: ReturnType<typeof createRaceWorld>
}

function open(options: Options = {}) {
  const { policy = 'auto', limit = { steps: 1 }, earlier = [], world = createRaceWorld() } = options
  const saved: AgentEvent[] = [...earlier]
  const { model, requests } = attemptsModel(options.scripts ?? scripts)
  const thread = createThread({
    id: 'thread',
    events: earlier,
    policy,
    allowedRules: [],
    models: [],
    model: 'test',
    callModel: model,
    cores: 2,
    settings: { limits: { turn: { ...none, ...limit }, thread: none } },
    save: async (events) => void saved.push(...events),
    world: world.dependencies,
  })
  const asked = () => expect.poll(() => thread.state.getState().choice).not.toBeNull()
  return { thread, saved, requests, world, asked }
}

const shown = (events: readonly AgentEvent[]) => events.reduce(foldThread, emptyThread).turns
const attemptsIn = (events: readonly AgentEvent[]) => {
  const part = shown(events)[0]?.parts.find(({ type }) => type === 'candidates')
  return part?.type === 'candidates' ? part.candidates : []
}

describe('a race whose attempts all stop at a limit', () => {
  it('says so, takes nothing, and goes on in each where it stopped', async () => {
    const { thread, saved, requests, world } = open()
    const first = await thread.send('Go', { candidates: 2 })
    expect(first).toMatchObject({
      status: 'failed',
      steps: 2,
      error: {
        code: 'step_limit',
        message: 'None of the 2 attempts came to its end. This turn reached its limit of 1 step.',
        limit: { scope: 'turn', limit: 'steps', allowed: 1, by: 1 },
      },
    })
    expect(world.workspace.files.get('src/a.js')).toBe('export const a = 1\n')

    expect((await thread.resume()).error?.limit).toMatchObject({ allowed: 2, by: 1 })
    const last = await thread.resume()
    expect(last).toMatchObject({ status: 'done', message: 'Two.', verified: true, steps: 6 })
    expect(Object.fromEntries(world.workspace.files)).toMatchObject({
      'src/a.js': 'export const a = 2\n',
      'src/b.js': 'export const b = 2\n',
    })
    for (const index of [1, 2]) {
      const asked = requests.get(index) ?? []
      expect(asked).toHaveLength(3)
      for (const [at, { input }] of asked.slice(1).entries())
        expect(input.slice(0, asked[at]?.input.length)).toEqual(asked[at]?.input)
    }
    expect(last.usage.totalTokens).toBe(6 * 110)
    expect(shown(saved)).toMatchObject([{ status: 'done', error: null }])
    expect(attemptsIn(saved).map(({ result, thread: own }) => [result?.steps, own.turns.length])).toEqual([
      [3, 1],
      [3, 1],
    ])
    expect(parseEvents(JSON.parse(JSON.stringify(saved)))).toEqual(JSON.parse(JSON.stringify(saved)))
    expect(world.machine.disposed()).toBe(world.machine.forks())
  })

  it('goes on after a reload too', async () => {
    const before = open()
    await before.thread.send('Go', { candidates: 2 })
    const after = open({
      earlier: parseEvents(JSON.parse(JSON.stringify(before.saved))),
      limit: { steps: 2 },
      scripts: { 1: [reply(say('One.'))], 2: [reply(set('b')), reply(say('Two.'))] },
    })
    expect((await after.thread.resume()).message).toBe('Two.')
    const told = after.requests.get(2)?.[0]?.input ?? []
    expect(told.map(({ type }) => type).slice(-2)).toEqual(['custom_tool_call', 'custom_tool_call_output'])
    expect(told.map(textOf).join()).not.toContain('interrupt')
    expect(after.world.workspace.files.get('src/b.js')).toBe('export const b = 2\n')
  })

  it('is left to the user when a reload cut it while it went on', async () => {
    const before = open()
    await before.thread.send('Go', { candidates: 2 })
    await before.thread.resume()
    await before.thread.resume()
    const last = before.saved.findLastIndex(({ type }) => type === 'candidates-start')
    const cut = before.saved.findIndex(({ type }, index) => index > last && type === 'candidate-end') + 1
    const after = open({ earlier: before.saved.slice(0, cut) })
    const turn = after.thread.resume()
    await after.asked()
    expect(after.thread.state.getState().choice).toMatchObject({ canRunAgain: true })
    after.thread.choose({
      kind: 'take',
      index: ofType(before.saved.slice(0, cut), 'candidate-end').at(-1)?.index ?? 0,
      files: [],
    })
    expect((await turn).status).toBe('done')
  })

  it('that they share goes on likewise', async () => {
    const { thread } = open({ limit: { tokens: 220 } })
    expect((await thread.send('Go', { candidates: 2 })).error).toMatchObject({ code: 'token_limit' })
    let result = await thread.resume()
    for (let more = 0; more < 3 && result.status !== 'done'; more++) {
      expect(result.error).toMatchObject({ code: 'token_limit' })
      result = await thread.resume()
    }
    expect(result).toMatchObject({ status: 'done', message: expect.stringMatching(/One|Two/) })
  })

  it('lets the user take what is there, or go on, where the user decides', async () => {
    const { thread, asked, saved, world } = open({ policy: 'review', limit: { steps: 2 } })
    const turn = thread.send('Go', { candidates: 2 })
    await asked()
    expect(thread.state.getState().choice).toMatchObject({
      ranking: [1, 0],
      canRunAgain: true,
      limit: { limit: 'steps', allowed: 2, by: 2 },
    })
    thread.choose({ kind: 'again' })
    await expect.poll(() => thread.state.getState().choice?.limit).toBeUndefined()
    await asked()
    expect(ofType(saved, 'limit-raised')).toMatchObject([{ scope: 'turn', limit: 'steps', by: 2 }])
    thread.choose({ kind: 'take', index: 1, files: [] })
    expect(await turn).toMatchObject({ status: 'done', message: 'Two.' })
    expect(world.workspace.files.get('src/b.js')).toBe('export const b = 2\n')
  })

  it('does not go on in an attempt whose lines the user has changed meanwhile', async () => {
    const { thread, world, saved } = open()
    await thread.send('Go', { candidates: 2 })
    world.workspace.apply([{ path: 'src/a.js', after: 'export const a = 9\n' }], { origin: 'user', label: 'Edit' })
    expect((await thread.resume()).status).toBe('failed')
    expect(attemptsIn(saved)[0]?.result?.reason).toContain('src/a.js changed in the same lines since')
    expect(world.workspace.files.get('src/a.js')).toBe('export const a = 9\n')
  })

  it('is none where one came to its end: that one is taken', async () => {
    const { thread } = open({ scripts: { ...scripts, 1: [reply(say('Nothing to do.'))] } })
    expect(await thread.send('Go', { candidates: 2 })).toMatchObject({ status: 'done', message: 'Nothing to do.' })
  })
})
