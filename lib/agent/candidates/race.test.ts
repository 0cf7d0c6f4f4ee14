import { describe, expect, it } from 'vitest'
import type { ResponseItem } from '@/lib/models'
import type { AgentEvent } from '../events'
import { foldHistory } from '../history'
import { attemptsModel, createRaceWorld, type Scripts } from '../testing/attempts'
import { call, cut, patch, pieces, reply, say } from '../testing/scripted'
import { ofType, run } from '../testing/world'
import type { CandidateChoice, CandidateQuestion } from '../types'
import { emptyThread, foldThread } from '../view/thread-view'

const setA = (value: number) =>
  patch('c1', '*** Update File: src/a.js', '-export const a = 1', `+export const a = ${value}`)
const setBoth = patch(
  'c1',
  '*** Update File: src/a.js',
  '-export const a = 1',
  '+export const a = 2',
  '*** Update File: src/b.js',
  '-export const b = 1',
  '+export const b = 2',
)
/** 1 mends half, 2 mends all, 3 mends nothing, 4 mends all with more lines. */
const scripts: Scripts = {
  1: [reply(setA(2)), reply(say('Half of it.'))],
  2: [reply(setBoth), reply(say('Both.'))],
  3: [reply(setA(3)), reply(say('Nothing.'))],
  4: [
    reply(setBoth),
    reply(patch('c2', '*** Add File: src/more.js', '+export const more = 1', '+export const most = 2')),
    reply(say('Both, and more.')),
  ],
}
const input = { candidates: 4 }
const allAtOnce = {
  cores: 4,
  choose: () => Promise.reject(new Error('Auto mode asks nobody.')),
  onEnough: () => () => {},
}

/** Answers what a race asks, and keeps the questions. */
function answering(answer: (question: CandidateQuestion) => CandidateChoice) {
  const questions: CandidateQuestion[] = []
  const choose = async (question: CandidateQuestion) => {
    questions.push(question)
    return answer(question)
  }
  return { questions, race: { cores: 4, choose, onEnough: () => () => {} } }
}
const take = (index: number, files: { path: string; index: number }[] = []): CandidateChoice => ({
  kind: 'take',
  index,
  files,
})
const partOf = (events: readonly AgentEvent[]) => {
  const part = events.reduce(foldThread, emptyThread).turns[0]?.parts.find(({ type }) => type === 'candidates')
  if (part?.type !== 'candidates') throw new Error('The turn shows no attempts.')
  return part
}
const told = (items: readonly ResponseItem[]) => JSON.stringify(items)

describe('a race in auto mode', () => {
  it('takes the attempt that the tests choose and puts its changes into the project as one edit', async () => {
    const world = createRaceWorld()
    const edits: string[] = []
    world.workspace.subscribe((edit) => edits.push(`${edit.origin} ${edit.turnId} ${edit.label}`))
    const { model } = attemptsModel(scripts)
    const { events, result } = await run(world, [], { input, dependencies: { model } })
    expect(result).toMatchObject({ status: 'done', message: 'Both.', verified: true })
    expect(edits).toEqual(['agent turn Attempt 2 of 4'])
    expect(Object.fromEntries(world.workspace.files)).toMatchObject({
      'src/a.js': 'export const a = 2\n',
      'src/b.js': 'export const b = 2\n',
    })
    const part = partOf(events)
    expect(part.ranking[0]).toBe(1)
    expect(part.pick).toMatchObject({ index: 1, by: 'rank' })
    expect(world.machine.disposed()).toBe(world.machine.forks())
  })

  it('has the winner’s items alone join the thread, as a prefix of what comes next', async () => {
    const world = createRaceWorld()
    const { model, requests } = attemptsModel(scripts)
    const { events } = await run(world, [], { input, dependencies: { model } })
    const history = foldHistory(events)
    const sent = requests.get(2)?.at(-1)?.input ?? []
    expect(history.slice(0, sent.length)).toEqual(sent)
    expect(told(history)).toContain('Both.')
    expect(told(history)).not.toContain('Half of it.')
  })

  it('sends all attempts the same prefix, tools and cache key, and leaves the first one plain', async () => {
    const world = createRaceWorld()
    const { model, requests } = attemptsModel(scripts)
    await run(world, [], { input, dependencies: { model, race: allAtOnce } })
    const first = [1, 2, 3, 4].map((attempt) => requests.get(attempt)?.[0])
    const shared = first[0]?.input ?? []
    for (const request of first.slice(1)) {
      expect(request?.input.slice(0, shared.length)).toEqual(shared)
      expect(request?.input).toHaveLength(shared.length + 1)
      expect(request?.tools).toEqual(first[0]?.tools)
      expect(request?.prompt_cache_key).toBe('thread')
      expect(request).not.toHaveProperty('temperature')
    }
    expect(new Set(first.map((request) => told(request?.input.slice(shared.length) ?? []))).size).toBe(4)
  })

  it('sets a temperature where the model takes one, and never for the plain attempt', async () => {
    const { model, requests } = attemptsModel(scripts)
    await run(createRaceWorld(), [], {
      input: { ...input, takesTemperature: true },
      dependencies: { model, race: allAtOnce },
    })
    const temperatures = [1, 2, 3, 4].map((attempt) => requests.get(attempt)?.[0]?.temperature)
    expect(temperatures[0]).toBeUndefined()
    expect(new Set(temperatures).size).toBe(4)
  })

  it('ranks the same whatever order the attempts end in', async () => {
    const orders = [(n: number) => n * 8, (n: number) => (5 - n) * 8, () => 0]
    const winners: unknown[] = []
    for (const delayMs of orders) {
      const { model } = attemptsModel({ ...scripts, 4: [reply(setA(2)), reply(say('Half again.'))] }, { delayMs })
      const { events } = await run(createRaceWorld(), [], { input, dependencies: { model } })
      winners.push(partOf(events).ranking)
    }
    expect(winners).toEqual([winners[0], winners[0], winners[0]])
  })

  it('goes on when an attempt fails, and fails only when all do', async () => {
    const fatal = [cut([], { kind: 'fatal', code: 'upstream_error', message: 'No.' })]
    const one = await run(createRaceWorld(), [], {
      input,
      dependencies: { model: attemptsModel({ ...scripts, 1: fatal, 3: fatal }).model },
    })
    expect(one.result).toMatchObject({ status: 'done', message: 'Both.' })
    expect(partOf(one.events).candidates.map(({ state }) => state)).toEqual([
      'failed',
      'done',
      'failed',
      expect.any(String),
    ])
    const all = await run(createRaceWorld(), [], {
      input,
      dependencies: { model: attemptsModel({ 1: fatal, 2: fatal, 3: fatal, 4: fatal }).model },
    })
    expect(all.result).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('All 4 attempts') },
    })
  })

  it('stops a running attempt whose change is larger than that of one fully verified', async () => {
    const hanging: Scripts = { ...scripts, 4: [scripts[4]?.[0] ?? [], scripts[4]?.[1] ?? [], pieces(say('Still'))] }
    const { model } = attemptsModel(hanging, { delayMs: (attempt) => (attempt === 2 ? 20 : 0) })
    const { events, result } = await run(createRaceWorld(), [], { input, dependencies: { model } })
    expect(result).toMatchObject({ status: 'done', message: 'Both.' })
    expect(partOf(events).candidates[3]).toMatchObject({
      state: 'stopped',
      result: { reason: expect.stringContaining('Attempt 2 is fully verified') },
    })
  })

  it('does not begin what need not begin: two at a time on one core', async () => {
    const { model, requests } = attemptsModel({ ...scripts, 1: [reply(setBoth), reply(say('Both.'))] })
    const race = { ...allAtOnce, cores: 1 }
    const { events } = await run(createRaceWorld(), [], { input: { candidates: 8 }, dependencies: { model, race } })
    expect(requests.size).toBeLessThan(4)
    expect(partOf(events).candidates[7]).toMatchObject({
      state: 'stopped',
      result: { reason: expect.stringMatching(/not begun/) },
    })
  })

  it('refuses what would ask, and says why', async () => {
    const ask = [reply(call('c1', 'shell', { command: 'rm -rf src' })), reply(say('Refused.'))]
    const { model, requests } = attemptsModel({ 1: ask, 2: ask })
    const { events } = await run(createRaceWorld(), [], { input: { candidates: 2 }, dependencies: { model } })
    const refused = told(requests.get(1)?.[1]?.input ?? [])
    expect(refused).toContain('refused: it needs the user’s approval')
    expect(refused).toContain('nobody can answer for each of them')
    expect(JSON.stringify(events)).not.toContain('approval-request')
  })

  it('never shortens the history within an attempt', async () => {
    const full = [cut([], { kind: 'fatal', code: 'context_length_exceeded', message: 'Too long.' })]
    const { model } = attemptsModel({ 1: full, 2: [reply(setA(2)), reply(say('Short enough.'))] })
    const { events, result } = await run(createRaceWorld(), [], { input: { candidates: 2 }, dependencies: { model } })
    expect(result.message).toBe('Short enough.')
    expect(JSON.stringify(events)).not.toContain('"compaction"')
  })

  it('asks for tests first in a project without any, and says that the ranking had none', async () => {
    const files = { 'src/a.js': 'export const a = 1\n' }
    const { model, requests } = attemptsModel({ 1: [reply(say('Done.'))], 2: [reply(say('Done.'))] })
    const { events } = await run(createRaceWorld({ files }), [], { input: { candidates: 2 }, dependencies: { model } })
    expect(told(requests.get(1)?.[0]?.input ?? [])).toContain('The project has no tests yet')
    expect(partOf(events).hasTests).toBe(false)
  })
})

describe('a race that asks', () => {
  it('leaves the project alone until one is taken', async () => {
    const world = createRaceWorld({ policy: 'review' })
    let before: unknown
    const { questions, race } = answering(() => {
      before = world.workspace.files.get('src/a.js')
      return take(0)
    })
    const { result } = await run(world, [], { input, dependencies: { model: attemptsModel(scripts).model, race } })
    expect(before).toBe('export const a = 1\n')
    expect(questions).toMatchObject([{ ranking: expect.arrayContaining([0, 1, 2]), canRunAgain: expect.any(Boolean) }])
    expect(questions[0]?.ranking[0]).toBe(1)
    expect(result).toMatchObject({ status: 'done', message: 'Half of it.', verified: false })
  })

  it('takes single files from another attempt, tells the model, and checks the mixture', async () => {
    const world = createRaceWorld({ policy: 'review' })
    const { race } = answering(() => take(0, [{ path: 'src/b.js', index: 1 }]))
    const { events, result } = await run(world, [], {
      input,
      dependencies: { model: attemptsModel(scripts).model, race },
    })
    expect(result).toMatchObject({ message: 'Half of it.', verified: true })
    expect(told(foldHistory(events))).toContain('src/b.js (attempt 2)')
  })

  it('keeps what the user changed meanwhile, and asks again when it is in the same lines', async () => {
    const world = createRaceWorld({ policy: 'review', files: { 'src/a.js': 'export const a = 1\n\n\nexport {}\n' } })
    const type = (after: string) =>
      world.workspace.apply([{ path: 'src/a.js', after }], { origin: 'user', label: 'Typed' })
    let asked = 0
    const { race } = answering(() => {
      asked += 1
      if (asked === 1) type('export const a = 9\n\n\nexport {}\n')
      else type('export const a = 1\n\n\nexport { x }\n')
      return take(0)
    })
    const { events } = await run(world, [], {
      input: { candidates: 2 },
      dependencies: { model: attemptsModel({ 1: scripts[1] ?? [], 2: scripts[3] ?? [] }).model, race },
    })
    expect(ofType(events, 'notice').map(({ message }) => message)).toEqual([
      expect.stringContaining('src/a.js changed in the same lines'),
    ])
    expect(world.workspace.files.get('src/a.js')).toBe('export const a = 2\n\n\nexport { x }\n')
  })
})

describe('stopping a race', () => {
  it('does not wait for a model that says nothing', async () => {
    const stop = new AbortController()
    const silent = async function* () {
      await new Promise(() => {})
    }
    const startedAt = performance.now()
    const { result, events } = await run(createRaceWorld(), [], {
      input,
      dependencies: { model: silent, race: allAtOnce },
      signal: stop.signal,
      onEvent: ({ type }) => type === 'candidate-event' && setTimeout(() => stop.abort(), 5),
    })
    expect(result.status).toBe('stopped')
    expect(ofType(events, 'candidate-end').map(({ status }) => status)).toEqual(Array(4).fill('stopped'))
    expect(performance.now() - startedAt).toBeLessThan(2000)
  })

  it('stops all attempts, changes nothing and leaves a history that can go on', async () => {
    const world = createRaceWorld()
    const hang = [pieces(say('I look'))]
    const stop = new AbortController()
    const { events, result } = await run(world, [], {
      input,
      dependencies: { model: attemptsModel({ ...scripts, 1: hang, 3: hang, 4: hang }).model },
      signal: stop.signal,
      onEvent: ({ type }) => type === 'candidate-event' && setTimeout(() => stop.abort(), 30),
    })
    expect(result.status).toBe('stopped')
    expect(ofType(events, 'candidate-end')).toHaveLength(4)
    expect(world.workspace.files.get('src/a.js')).toBe('export const a = 1\n')
    expect(foldHistory(events).at(-1)).toMatchObject({ role: 'developer' })
  })
})
