import { describe, expect, it } from 'vitest'
import type { AgentEvent } from '../events'
import { isDurable } from '../events'
import { foldHistory } from '../history'
import { defaultLimits } from '../limits/limits'
import { attemptsModel, createRaceWorld, type Scripts } from '../testing/attempts'
import { call, cut, patch, pieces, type Reply, reply, say, scriptedModel } from '../testing/scripted'
import { createThread } from '../thread/thread'
import type { Thread, ThreadOptions } from '../thread/types'
import { parseCassette, recordCassette, replayCassette } from '.'

type World = ReturnType<typeof createWorldOf>

function createWorldOf() {
  const world = createRaceWorld({ commands: { 'node slow.js': () => ({ output: 'done\n' }) } })
  const files = new Map<string, ReadonlyMap<string, string | Uint8Array>>()
  const checkpoint = async () => {
    const id = `checkpoint-${files.size + 1}`
    files.set(id, world.workspace.files)
    return id
  }
  return {
    ...world,
    files,
    saved: [] as AgentEvent[],
    dependencies: { ...world.dependencies, checkpoint, wait: async () => undefined },
  }
}

/** A thread as a page opens it: over what was saved until then. */
function open(world: World, script: readonly Reply[] | Scripts, options: Partial<ThreadOptions> = {}): Thread {
  const { model } = Array.isArray(script) ? scriptedModel(script) : attemptsModel(script as Scripts)
  const earlier = world.saved
  const saved = [...earlier]
  // What a thread does that was opened before reaches no storage any more: its page is gone.
  world.saved = saved
  return createThread({
    ...{ id: 'thread', events: earlier, policy: 'review', allowedRules: [], models: [], model: 'test', cores: 2 },
    callModel: model,
    save: async (events) => void saved.push(...events),
    world: world.dependencies,
    ...options,
  })
}

const seen = (thread: Thread, is: (state: ReturnType<Thread['state']['getState']>) => boolean) =>
  expect.poll(() => is(thread.state.getState())).toBe(true)

/** The recording comes out the same: the same files and answers, and the same events with the same history. */
async function expectToPlay(world: World): Promise<AgentEvent[]> {
  const { saved, files } = world
  const recorded = await recordCassette({
    ...{ title: 'X', events: saved, freeformTools: true },
    filesAt: async (id) => files.get(id) ?? new Map(),
  })
  const cassette = parseCassette(JSON.parse(JSON.stringify(recorded)))
  const replay = await replayCassette(cassette)
  expect(replay.differences).toEqual([])
  const played = replay.events.filter(isDurable)
  expect(foldHistory(played)).toEqual(foldHistory(saved))
  expect(story(played)).toEqual(story(saved))
  return played
}

/** How an item came in pieces is not recorded. */
const streamed = new Set<AgentEvent['type']>(['text-start', 'text-end', 'reasoning-end', 'tool-call-start'])
const indexOf = (event: AgentEvent) => (event.type === 'candidate-event' ? event.index : -1)

/** The thread's own events, then those of each attempt, without ids and times. */
function story(events: readonly AgentEvent[]): unknown[] {
  const own = events.filter(({ type }) => type !== 'candidate-event' && !streamed.has(type))
  const attempts = events
    .filter((event) => event.type === 'candidate-event' && !streamed.has(event.event.type))
    .toSorted((a, b) => indexOf(a) - indexOf(b))
  const volatile =
    /^(seq|at|turnId|id|durationMs|firstEventMs|delayMs|bytes|itemKey|checkpointId|label|compactionSeq|limits|seen|usage)$/
  return JSON.parse(JSON.stringify([own, attempts], (key, value) => (volatile.test(key) ? undefined : value)))
}

const set = (name: 'a' | 'b', id = name) =>
  patch(`set-${id}`, `*** Update File: src/${name}.js`, `-export const ${name} = 1`, `+export const ${name} = 2`)
const look = (id: string) => reply(call(id, 'read_file', { path: 'src/a.js' }))
const slow = (id: string) => reply(call(id, 'shell', { command: 'node slow.js' }))

describe('a race is played as it went', () => {
  it('stopped where one could not be beaten', async () => {
    const world = createWorldOf()
    const thread = open(
      world,
      {
        1: [reply(set('a')), reply(set('b')), reply(say('Both.'))],
        2: [look('l1'), look('l2'), look('l3'), look('l4'), look('l5'), reply(set('a'), set('b')), reply(say('Late.'))],
        3: [reply(say('Three.'))],
      },
      { policy: 'auto' },
    )
    await thread.send('Go', { candidates: 3 })
    expect(world.saved.filter((event) => event.type === 'candidate-end').map(({ status }) => status)).toContain(
      'stopped',
    )
    await expectToPlay(world)
  })

  it.each([1, 2, 3, 4, 5, 6])('whoever was faster (seed %i)', async (seed) => {
    const world = createWorldOf()
    let state = seed
    const delayMs = () => {
      state = (state * 48_271) % 2_147_483_647
      return state % 4
    }
    const { model: callModel } = attemptsModel(
      {
        1: [look('l1'), reply(set('a')), reply(set('b')), reply(say('Both.'))],
        2: [reply(set('a'), set('b'), call('l1', 'read_file', { path: 'src/b.js' })), look('l2'), reply(say('Too.'))],
        3: [reply(set('b')), look('l1'), reply(say('Half.'))],
        4: [look('l1'), cut([set('a')]), reply(say('Half.'))],
      },
      { delayMs },
    )
    await open(world, [], { policy: 'auto', callModel }).send('Go', { candidates: 4 })
    await expectToPlay(world)
  })

  it('ended by the user, begun again, and taken with what they had changed meanwhile', async () => {
    const world = createWorldOf()
    const thread = open(world, {
      1: [reply(set('a')), reply(say('One.'))],
      2: [pieces(say('Still')), reply(set('b')), reply(say('Two.'))],
    })
    const turn = thread.send('Go', { candidates: 2 })
    await seen(thread, () => world.saved.some(({ type }) => type === 'candidate-end'))
    thread.endAttempts()
    await seen(thread, ({ choice }) => choice !== null)
    thread.choose({ kind: 'again' })
    await seen(thread, ({ choice }) => choice?.ranking.length === 2)
    world.workspace.apply([{ path: 'README.md', after: 'Mine.\n' }], { origin: 'user', label: 'Edit' })
    thread.choose({ kind: 'take', index: 1, files: [{ path: 'src/a.js', index: 0 }] })
    await turn
    const played = await expectToPlay(world)
    expect(played.filter(({ type }) => type === 'candidates-start')).toHaveLength(2)
  })

  it('past the limit that ended all of them', async () => {
    const world = createWorldOf()
    const limits = { ...defaultLimits, turn: { ...defaultLimits.turn, steps: 1 } }
    const script = { 1: [reply(set('a')), reply(say('One.'))], 2: [look('l1'), reply(say('Two.'))] }
    const thread = open(world, script, { policy: 'auto', settings: { limits } })
    expect(await thread.send('Go', { candidates: 2 })).toMatchObject({ status: 'failed' })
    expect(await thread.resume()).toMatchObject({ status: 'done' })
    await expectToPlay(world)
  })

  it('cut by a reload while it ran', async () => {
    const world = createWorldOf()
    const first = open(world, { 1: [reply(set('a')), reply(say('One.'))], 2: [look('l1'), pieces(say('Still'))] })
    void first.send('Go', { candidates: 2 })
    await seen(first, ({ events }) => events.filter(({ type }) => type === 'candidate-end').length === 1)
    await seen(first, ({ events }) =>
      events.some((event) => event.type === 'candidate-event' && event.event.type === 'text-end'),
    )
    const thread = open(world, {})
    const turn = thread.resume()
    await seen(thread, ({ choice }) => choice !== null)
    thread.choose({ kind: 'take', index: 0, files: [] })
    await turn
    await expectToPlay(world)
  })

  it('stopped while one was to be chosen, and exported before one was', async () => {
    const world = createWorldOf()
    const thread = open(world, { 1: [reply(set('a')), reply(say('One.'))], 2: [reply(say('Two.'))] })
    const turn = thread.send('Go', { candidates: 2 })
    await seen(thread, ({ choice }) => choice !== null)
    await expectToPlay(world)
    await thread.stop()
    await turn
    await expectToPlay(world)
  })
})

describe('a turn is played as it went', () => {
  it('cut by a reload in an answer and in a command, and continued', async () => {
    const world = createWorldOf()
    const first = open(world, [look('l1'), pieces(say('I am'))])
    void first.send('Go')
    await seen(first, ({ events }) => events.some(({ type }) => type === 'text-end'))
    const second = open(world, [slow('s1')], { policy: 'auto' })
    world.dependencies.sandbox = () => new Promise(() => {})
    void second.resume()
    await seen(second, ({ events }) => events.some(({ type }) => type === 'tool-start'))
    const third = open(world, [reply(say('Done.'))], { policy: 'auto' })
    expect(await third.resume()).toMatchObject({ status: 'done' })
    await expectToPlay(world)
  })

  it('cut by a reload and left for another message', async () => {
    const world = createWorldOf()
    void open(world, [look('l1'), pieces(say('I am'))]).send('Go')
    await expect.poll(() => world.saved.some(({ type }) => type === 'text-end')).toBe(true)
    await open(world, [reply(say('Else.'))]).send('Something else')
    await expectToPlay(world)
  })

  it('stopped in a command, and at a question of the gate', async () => {
    const world = createWorldOf()
    const { sandbox } = world.dependencies
    world.dependencies.sandbox = () => new Promise(() => {})
    const thread = open(world, [slow('s1'), slow('s2'), reply(say('Hi.'))], { allowedRules: ['node slow.js'] })
    const first = thread.send('Go')
    await seen(thread, ({ events }) => events.some(({ type }) => type === 'approval-request' || type === 'tool-start'))
    await thread.stop()
    await first
    world.dependencies.sandbox = sandbox
    await thread.send('And now?').then(undefined, () => undefined)
    await expectToPlay(world)
  })

  it('with a policy that changed, a failure, and words while it ran', async () => {
    const world = createWorldOf()
    const thread: Thread = open(world, [
      look('l1'),
      () => {
        thread.state.setState({ policy: 'auto' })
        return cut([call('l2', 'read_file', { path: 'src/b.js' })])
      },
      reply(set('a')),
      reply(say('Done.')),
    ])
    const turn = thread.send('Go')
    thread.steer('Gently')
    await turn
    await expectToPlay(world)
  })
})
