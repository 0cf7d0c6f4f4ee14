import { describe, expect, it } from 'vitest'
import { parseEvents } from '../stored/parse-events'
import { attemptsModel, createRaceWorld } from '../testing/attempts'
import { patch, reply, say } from '../testing/scripted'
import { run } from '../testing/world'
import { emptyThread, foldThread } from '../view/thread-view'
import { emptyResult } from './attempt'
import type { CandidateResult, RecordedChange } from './events'
import { pickedChanges, pickedExecutables, pickedLinks, placeChanges } from './pick'
import { fromRecordedChange, toRecordedChange } from './recorded-data'

const change = (path: string, after: string | null, before: string | null = 'old\n'): RecordedChange => ({
  path,
  before,
  after,
})
const result = (index: number, ...changes: RecordedChange[]): CandidateResult => ({
  ...emptyResult({ index, status: 'done' }),
  changes,
})
const results = [result(0, change('a', 'a0\n'), change('b', 'b0\n')), result(1, change('b', 'b1\n'), change('c', null))]

describe('what a pick changes', () => {
  it('is the attempt’s own, with the files that others give in place of its own', () => {
    const paths = (files: { path: string; index: number }[]) =>
      pickedChanges({ index: 0, files }, results).map(({ path, after }) => `${path}=${after}`)
    expect(paths([])).toEqual(['a=a0\n', 'b=b0\n'])
    expect(paths([{ path: 'b', index: 1 }])).toEqual(['a=a0\n', 'b=b1\n'])
    expect(paths([{ path: 'c', index: 1 }])).toEqual(['a=a0\n', 'b=b0\n', 'c=null'])
    expect(paths([{ path: 'a', index: 1 }])).toEqual(['b=b0\n'])
  })

  it('has no link where another attempt gives the file, nor one that no project may have', () => {
    const links = [
      { path: 'current', target: 'a' },
      { path: 'b', target: 'a' },
      { path: '../out', target: 'a' },
      { path: 'gone', target: null },
    ]
    const own = [{ ...emptyResult({ index: 0, status: 'done' }), links }]
    const picked = pickedLinks({ index: 0, files: [{ path: 'b', index: 1 }] }, own)
    expect(picked).toEqual([links[0], links[3]])
  })

  it('joins what the user did to other lines, and is placed once however often it is placed', () => {
    const changes = [{ path: 'a', before: '1\n2\n3\n4\n', after: '1\n2\n3\nfour\n' }]
    const now = new Map([['a', 'one\n2\n3\n4\n']])
    expect(placeChanges(now, changes)).toEqual({ ok: true, changes: [{ path: 'a', after: 'one\n2\n3\nfour\n' }] })
    expect(placeChanges(new Map([['a', '1\n2\n3\nfour\n']]), changes)).toEqual({ ok: true, changes: [] })
    expect(placeChanges(new Map([['a', 'one\n2\n3\nfour\n']]), changes)).toEqual({ ok: true, changes: [] })
  })

  it.each([
    ['the same lines', new Map([['a', '1\n2\n3\nfünf\n']])],
    ['a file that is gone', new Map()],
  ])('is refused as a whole where it meets %s', (_, now) => {
    const changes = [
      { path: 'a', before: '1\n2\n3\n4\n', after: '1\n2\n3\nfour\n' },
      { path: 'new', before: null, after: 'new\n' },
    ]
    expect(placeChanges(now, changes)).toEqual({ ok: false, conflicts: ['a'] })
  })

  it('keeps bytes through its event', () => {
    const binary = { path: 'a.png', before: null, after: new Uint8Array([0, 255, 128, 10]) }
    expect(fromRecordedChange(JSON.parse(JSON.stringify(toRecordedChange(binary))))).toEqual(binary)
  })
})

it('brings the symbolic links of the attempt that is taken, and of no other', async () => {
  const world = createRaceWorld()
  const add = (name: string) => patch('c1', '*** Add File: made.txt', `+link ${name} -> src/a.js`)
  const scripts = { 1: [reply(add('first')), reply(say('One.'))], 2: [reply(add('second')), reply(say('Two.'))] }
  const placed: unknown[] = []
  const { events } = await run(world, [], {
    input: { candidates: 2 },
    dependencies: { model: attemptsModel(scripts).model, placeLinks: (changes) => placed.push(...changes) },
  })
  const pick = events.find(({ type }) => type === 'candidates-picked')
  const taken = pick?.type === 'candidates-picked' && pick.index === 1 ? 'second' : 'first'
  expect(placed).toEqual([{ path: taken, target: 'src/a.js' }])
})

it('makes executable what the attempt that is taken has, and of other files what theirs have', async () => {
  const world = createRaceWorld()
  const add = (name: string) => patch('c1', '*** Add File: made.txt', `+chmod ${name}`)
  const scripts = { 1: [reply(add('first')), reply(say('One.'))], 2: [reply(add('second')), reply(say('Two.'))] }
  const placed: unknown[] = []
  const { events } = await run(world, [], {
    input: { candidates: 2 },
    dependencies: { model: attemptsModel(scripts).model, placeExecutables: (changes) => placed.push(...changes) },
  })
  const pick = events.find(({ type }) => type === 'candidates-picked')
  const taken = pick?.type === 'candidates-picked' && pick.index === 1 ? 'second' : 'first'
  expect(placed).toEqual([{ path: taken, executable: true }])
  const results = parseEvents(JSON.parse(JSON.stringify(world.journal))).flatMap((event) =>
    event.type === 'candidate-end' ? [event] : [],
  )
  const mixed = pickedExecutables({ index: 0, files: [{ path: 'second', index: 1 }] }, results)
  expect(mixed.map(({ path }) => path)).toEqual(['first', 'second'])
})

it('looks the same when it is folded from what was journalled, stored and parsed again', async () => {
  const setA = patch('c1', '*** Update File: src/a.js', '-export const a = 1', '+export const a = 2')
  const world = createRaceWorld()
  const scripts = { 1: [reply(setA), reply(say('One.'))], 2: [reply(setA), reply(say('Two.'))] }
  const { events } = await run(world, [], {
    input: { candidates: 2 },
    dependencies: { model: attemptsModel(scripts).model },
  })
  const stored = parseEvents(JSON.parse(JSON.stringify(world.journal)))
  expect(stored).toHaveLength(world.journal.length)
  const fold = (list: typeof events) => list.reduce(foldThread, emptyThread)
  expect(fold(stored)).toEqual(fold(events))
  const [turn] = fold(events).turns
  expect(turn?.changes).toEqual([{ path: 'src/a.js', kind: 'update', additions: 1, deletions: 1 }])
  expect(turn?.footer).toMatchObject({ verified: false, tests: { passed: 1, total: 2 }, usage: { outputTokens: 40 } })
})

it('does not read events of attempts within attempts, nor more than eight', () => {
  const base = { seq: 1, at: 1, turnId: 't' }
  const inner = { ...base, type: 'candidate-event', index: 0, event: { ...base, type: 'steer', text: 'x' } }
  expect(parseEvents([inner])).toHaveLength(1)
  expect(parseEvents([{ ...base, type: 'candidate-event', index: 0, event: inner }])).toEqual([])
  expect(parseEvents([{ ...base, type: 'candidates-start', total: 900, indexes: [], hasTests: true }])).toEqual([])
})
