import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { VitrineError } from '@/lib/base'
import type { ModelEvent } from '@/lib/models'
import { isDurable } from '../events'
import { foldHistory } from '../history'
import { parseEvents } from '../stored/parse-events'
import { recordScenarios } from '../testing/cassette-scenarios'
import { call, reply, say } from '../testing/scripted'
import { createWorld, outputs, run } from '../testing/world'
import { emptyThread, foldThread } from '../view/thread-view'
import { type Cassette, parseCassette, recordCassette, replayCassette } from '.'
import { changesOf } from './file-effects'

const folder = join(process.cwd(), 'lib/agent/cassette/cassettes')
const shipped = readdirSync(folder).map((name): [string, Cassette] => [
  name,
  parseCassette(JSON.parse(readFileSync(join(folder, name), 'utf8'))),
])

describe('a cassette', () => {
  it.each(shipped)('%s plays as it was recorded', async (_name, cassette) => {
    const replay = await replayCassette(cassette)
    expect(replay.differences).toEqual([])
  })

  it.each(shipped)('%s plays once more when its replay is recorded', async (_name, cassette) => {
    const { events, checkpoints } = await replayCassette(cassette)
    const filesAt = async (id: string) => checkpoints.get(id) ?? new Map()
    // As an opened recording is stored.
    const stored = parseEvents(JSON.parse(JSON.stringify(events.filter(isDurable))))
    const { title, freeformTools } = cassette
    const again = await recordCassette({ title, events: stored, freeformTools, filesAt })
    expect((await replayCassette(parseCassette(JSON.parse(JSON.stringify(again))))).differences).toEqual([])
    expect(again.turns.length).toBe(cassette.turns.length)
  })

  it('shows a history that was shortened, and that it was made long again', async () => {
    const [, cassette] = shipped.find(([name]) => name.includes('shortened')) ?? []
    if (!cassette) throw new Error('There is no such cassette.')
    const { events } = await replayCassette(cassette)
    const { turns } = events.reduce(foldThread, emptyThread)
    const states = turns.map(({ parts }) => parts.flatMap((part) => (part.type === 'compaction' ? [part.state] : [])))
    expect(states).toEqual([['undone'], [], ['done']])
  })

  it('plays the same each time, event by event', async () => {
    const times = (events: unknown) =>
      JSON.parse(
        JSON.stringify(events, (key, value) => (/^(at|durationMs|firstEventMs|delayMs|id)$/.test(key) ? 0 : value)),
      )
    for (const [, cassette] of shipped) {
      const [first, second] = [await replayCassette(cassette), await replayCassette(cassette)]
      expect(times(first.events)).toEqual(times(second.events))
    }
  })

  it('says where a conversation goes another way than recorded', async () => {
    const [, cassette] = shipped.find(([name]) => name.includes('two-tries')) ?? []
    if (!cassette) throw new Error('There is no such cassette.')
    const changed = structuredClone(cassette)
    const results = Object.values(changed.turns[0]?.results ?? {})
    for (const result of results) result.output += ' changed'
    changed.files['src/add.ts'] = 'export const other = 1\n'
    const { differences } = await replayCassette(changed)
    expect(differences).toContain('Turn 1: src/add.ts has other content.')
  })

  describe('of a conversation', () => {
    const files = { 'src/a.ts': 'export const a = 1\n' }
    const build = (id: string) => reply(call(id, 'shell', { command: 'npm run build' }))
    /** Plays the turns; the files of the first ones are `lost`. */
    async function record(turns: ModelEvent[][][], lost = 0) {
      const world = createWorld({
        ...{ files, policy: 'review', approve: () => ({ decision: 'always' as const }) },
        commands: { 'npm run build': () => ({ output: 'built\n' }) },
      })
      for (const [index, replies] of turns.entries()) await run(world, replies, { input: { turnId: `t${index}` } })
      const filesAt = async (id: string) => {
        if (Number(id.split('-')[1]) > lost) return new Map(Object.entries(files))
        throw new VitrineError('not_found', 'This checkpoint is no longer stored.')
      }
      const cassette = await recordCassette({ title: 'X', events: world.journal, freeformTools: true, filesAt })
      return parseCassette(JSON.parse(JSON.stringify(cassette)))
    }

    it('plays what a rule allowed', async () => {
      const cassette = await record([[build('c1'), build('c2'), reply(say('Built.'))]])
      const { events, differences } = await replayCassette(cassette)
      expect(differences).toEqual([])
      expect(outputs(events).c2).toContain('built')
    })

    it('begins after the last turn whose files are lost, with what was said until then', async () => {
      const turns = ['One.', 'Two.', 'Three.'].map((text) => [reply(say(text))])
      const cassette = await record(turns, 2)
      expect(cassette.turns).toHaveLength(2)
      expect(cassette.history?.at(-1)).toEqual(say('One.'))
      const { events, differences } = await replayCassette(cassette)
      expect(differences).toEqual([])
      expect(foldHistory(events).slice(0, cassette.history?.length)).toEqual(cassette.history)
      expect(foldHistory(parseEvents(events))).toEqual(foldHistory(events))
      await expect(record(turns, 6)).rejects.toThrow('not stored any more')
      expect(() => parseCassette({ ...cassette, history: [{ type: 'message' }] })).toThrow('no cassette: history')
    })
  })

  it('of format 1 plays as it did', async () => {
    for (const [, { version: _, ...cassette }] of shipped) {
      if (cassette.turns.some(({ asides, race }) => asides?.length || race)) continue
      const turns = cassette.turns.map(({ asides: _, context: _context, ...turn }) => turn)
      const { differences } = await replayCassette(parseCassette({ version: 1, ...cassette, turns }))
      expect(differences).toEqual([])
    }
  })

  it('is read as far as it was looked at, whatever names things have in it', () => {
    const text = JSON.stringify({ ...shipped[0]?.[1], more: 1 }).replace('"files":{', '"files":{"__proto__":{"x":1},')
    const cassette = parseCassette(JSON.parse(text))
    expect(Object.keys(cassette)).not.toContain('more')
    expect(Object.keys(cassette.files)).not.toContain('__proto__')
    expect(Object.values(cassette.files).every((file) => typeof file === 'string')).toBe(true)
    expect(changesOf({ constructor: 'a' } as Record<string, string>, {})).toEqual({ constructor: null })
    expect(changesOf({}, { toString: 'a' } as Record<string, string>)).toEqual({ toString: 'a' })
  })

  it('is refused in a sentence when it is none', () => {
    expect(() => parseCassette({ version: 0 })).toThrow(/^This is no cassette: version: /)
    expect(() => parseCassette(null)).toThrow('This is no cassette: the file: ')
    expect(() => parseCassette({ ...shipped[0]?.[1], version: 3 })).toThrow(/format 3, which a newer version/)
  })
})

describe('the shipped cassettes', () => {
  it('are what the scenarios record now', async () => {
    const recorded = await recordScenarios()
    expect(recorded.map(({ title }) => title).sort()).toEqual(shipped.map(([, { title }]) => title).sort())
  })

  it('take every way in which a step and a turn can end', async () => {
    const replays = await Promise.all(shipped.map(([, cassette]) => replayCassette(cassette)))
    const events = replays.flatMap((replay) => replay.events)
    const types = new Set(events.map(({ type }) => type))
    for (const type of [
      ...['retry', 'steer', 'approval-request', 'question-answer', 'checkpoint', 'reasoning-end', 'limit-raised'],
      ...['compaction', 'compaction-undone', 'candidates-start', 'candidates-picked', 'candidates-checked'],
    ]) {
      expect(types).toContain(type)
    }
    const ends = new Set(replays.flatMap(({ results }) => results.map(({ status, error }) => error?.code ?? status)))
    expect([...ends].sort()).toEqual(['done', 'insufficient_quota', 'repeated_calls', 'stopped'])
    expect(new Set(replays.flatMap(({ results }) => results.map(({ verified }) => verified)))).toEqual(
      new Set([null, true, false]),
    )
  })
})
