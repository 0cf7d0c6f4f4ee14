import { describe, expect, it } from 'vitest'
import type { AgentEvent } from '../events'
import { foldHistory } from '../history'
import { attemptsModel, createRaceWorld, type Scripts } from '../testing/attempts'
import { call, patch, pieces, reply, say } from '../testing/scripted'
import { ofType, run } from '../testing/world'
import type { CandidateChoice } from '../types'

const setA = patch('c1', '*** Update File: src/a.js', '-export const a = 1', '+export const a = 2')
const scripts: Scripts = { 1: [reply(setA), reply(say('First.'))], 2: [reply(setA), reply(say('Second.'))] }
const input = { candidates: 2 }
const arrange = (...answers: CandidateChoice[]) => ({
  cores: 2,
  onEnough: () => () => {},
  choose: async () => answers.shift() ?? Promise.reject(new Error('Nobody expected to be asked again.')),
})
const takeFirst: CandidateChoice = { kind: 'take', index: 0, files: [] }

/** A whole race in review mode, then again from every prefix of what it journalled, as after a reload there. */
async function whole() {
  const world = createRaceWorld({ policy: 'review' })
  const { events } = await run(world, [], {
    input,
    dependencies: { model: attemptsModel(scripts).model, race: arrange(takeFirst) },
  })
  return { journal: world.journal, events }
}

async function resumeAfter(journal: readonly AgentEvent[], answers: CandidateChoice[]) {
  const wasPicked = journal.some(({ type }) => type === 'candidates-picked')
  const world = createRaceWorld({ policy: 'review' })
  if (wasPicked) {
    world.workspace.apply([{ path: 'src/a.js', after: 'export const a = 2\n' }], { origin: 'agent', label: 'Before' })
  }
  const edits: string[] = []
  world.workspace.subscribe(({ label }) => edits.push(label))
  const { model, requests } = attemptsModel(scripts)
  const resumed = await run(world, [], {
    input,
    dependencies: { model, race: arrange(...answers), interrupted: journal, history: foldHistory(journal) },
  })
  return { ...resumed, world, edits, requests, all: [...journal, ...resumed.events] }
}

describe('a race that a reload cut', () => {
  it('comes to the same end from every point, applying and joining once', async () => {
    const { journal, events } = await whole()
    const history = foldHistory(events)
    for (let length = 1; length < journal.length; length++) {
      const before = journal.slice(0, length)
      const { result, all, world, edits } = await resumeAfter(before, [takeFirst, takeFirst])
      const wasPicked = before.some(({ type }) => type === 'candidates-picked')
      expect(result.status, `after ${before.at(-1)?.type}`).toBe('done')
      expect(edits).toHaveLength(wasPicked ? 0 : 1)
      expect(world.workspace.files.get('src/a.js')).toBe('export const a = 2\n')
      expect(foldHistory(all), `after ${before.at(-1)?.type}`).toEqual(history)
      expect(ofType(all, 'candidates-picked')).toHaveLength(1)
    }
  })

  it('says what was finished, and lets the user take it without asking the model again', async () => {
    const { journal } = await whole()
    const firstEnd = journal.findIndex((event) => event.type === 'candidate-end' && event.index === 0)
    const { events, requests, result } = await resumeAfter(journal.slice(0, firstEnd + 1), [takeFirst])
    expect(requests.size).toBe(0)
    expect(result.message).toBe('First.')
    const cutOff = ofType(events, 'candidate-end')
    expect(cutOff.map(({ index, status, reason }) => [index, status, reason])).toEqual([
      [1, 'stopped', expect.stringContaining('Interrupted by a reload')],
    ])
  })

  it('runs what was not finished again when the user says so', async () => {
    const { journal } = await whole()
    const firstEnd = journal.findIndex((event) => event.type === 'candidate-end' && event.index === 0)
    const answers: CandidateChoice[] = [{ kind: 'again' }, { kind: 'take', index: 1, files: [] }]
    const { requests, result } = await resumeAfter(journal.slice(0, firstEnd + 1), answers)
    expect([...requests.keys()]).toEqual([2])
    expect(result.message).toBe('Second.')
  })

  it('keeps what an attempt said in its last run alone', async () => {
    const { journal } = await whole()
    const cutRun: AgentEvent = {
      ...(journal[0] as AgentEvent),
      type: 'candidate-event',
      index: 1,
      event: { seq: 1, at: 1, turnId: 'turn.2', type: 'history', items: [say('From the run that was cut.')] },
    }
    const start = journal.findIndex(({ type }) => type === 'candidates-start')
    const answers: CandidateChoice[] = [{ kind: 'take', index: 1, files: [] }]
    const { all } = await resumeAfter([...journal.slice(0, start + 1), cutRun], answers)
    expect(JSON.stringify(foldHistory(all))).not.toContain('run that was cut')
  })
})

it('goes on with the work after a race when a limit ended that, and does not race again', async () => {
  const world = createRaceWorld({ policy: 'review' })
  world.steering.push('And look at b, too.')
  const look = (id: string) => reply(call(id, 'read_file', { path: 'src/b.js' }))
  const all = { ...scripts, 1: [...(scripts[1] ?? []), look('c8'), look('c9'), reply(say('Both are fine.'))] }
  const none = { steps: null, tokens: null, seconds: null, dollars: null }
  const limits = () => ({ turn: { ...none, steps: 2 }, thread: none })
  const { model } = attemptsModel(all)
  const first = await run(world, [], { input, dependencies: { model, limits, race: arrange(takeFirst) } })
  expect(first.result.error?.limit).toMatchObject({ limit: 'steps', allowed: 2 })

  const raise: AgentEvent = {
    type: 'limit-raised',
    scope: 'turn',
    limit: 'steps',
    by: 2,
    turnId: 'turn',
    seq: 999,
    at: 0,
  }
  const interrupted = [...world.journal, raise]
  const history = foldHistory(interrupted)
  const again = await run(world, [], { input, dependencies: { model, limits, interrupted, history, race: arrange() } })
  expect(again.result).toMatchObject({ status: 'done', message: 'Both are fine.' })
  expect(ofType(again.events, 'candidates-start')).toEqual([])
})

it('stops while it asks', async () => {
  const world = createRaceWorld({ policy: 'review' })
  const stop = new AbortController()
  const race = {
    cores: 2,
    onEnough: () => () => {},
    choose: () => {
      setTimeout(() => stop.abort(), 5)
      return new Promise<never>(() => {})
    },
  }
  const { result, events } = await run(world, [], {
    input,
    dependencies: { model: attemptsModel({ ...scripts, 2: [pieces()] }).model, race },
    signal: stop.signal,
    onEvent: (event) => event.type === 'candidate-end' && setTimeout(() => stop.abort(), 50),
  })
  expect(result.status).toBe('stopped')
  expect(ofType(events, 'candidates-picked')).toEqual([])
})
