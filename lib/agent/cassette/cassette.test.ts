import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ModelEvent } from '@/lib/models'
import type { AgentEventBody } from '../events'
import { foldHistory } from '../history'
import { parseEvents } from '../parse-events'
import { recordScenarios } from '../testing/cassette-scenarios'
import { call, reply, say } from '../testing/scripted'
import { createWorld, outputs, run } from '../testing/world'
import { type Cassette, parseCassette, recordCassette, replayCassette } from '.'

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
    /** Plays the turns, with what `between` records after the first. */
    async function record(turns: ModelEvent[][][], between: AgentEventBody[] = []) {
      const world = createWorld({
        ...{ files, policy: 'review', approve: () => ({ decision: 'always' as const }) },
        commands: { 'npm run build': () => ({ output: 'built\n' }) },
      })
      for (const [index, replies] of turns.entries()) {
        await run(world, replies, { input: { turnId: `t${index}` } })
        if (index > 0) continue
        for (const body of between)
          world.journal.push({ seq: world.dependencies.nextSeq(), at: 0, turnId: `t${index}`, ...body })
      }
      const filesAt = async () => new Map(Object.entries(files))
      const cassette = await recordCassette({ title: 'X', events: world.journal, freeformTools: true, filesAt })
      return parseCassette(JSON.parse(JSON.stringify(cassette)))
    }

    it('plays what a rule allowed', async () => {
      const cassette = await record([[build('c1'), build('c2'), reply(say('Built.'))]])
      const { events, differences } = await replayCassette(cassette)
      expect(differences).toEqual([])
      expect(outputs(events).c2).toContain('built')
    })

    it('begins after the last turn that cannot be played, with what was said until then', async () => {
      const short = say('A summary.')
      const compaction: AgentEventBody = {
        ...{ type: 'compaction', reason: 'user', kept: { userMessages: 0, steps: 0, items: 0 }, droppedItems: 9 },
        ...{ tokensBefore: 9, tokensAfter: 1, summary: '', items: [short], prompt: '', usage: null },
        ...{ durationMs: 1, prepared: false },
      }
      const cassette = await record([[reply(say('One.'))], [reply(say('Two.'))], [reply(say('Three.'))]], [compaction])
      expect(cassette).toMatchObject({ history: [short], turns: [{}, {}] })
      const { events, differences } = await replayCassette(cassette)
      expect(differences).toEqual([])
      expect(foldHistory(events)[0]).toEqual(short)
      expect(foldHistory(parseEvents(events))).toEqual(foldHistory(events))
      await expect(record([[reply(say('One.'))]], [compaction])).rejects.toThrow('Turns after it can be recorded.')
      expect(() => parseCassette({ ...cassette, history: [{ type: 'message' }] })).toThrow('no cassette: history')
    })
  })

  it('is refused in a sentence when it is none', () => {
    expect(() => parseCassette({ version: 2 })).toThrow(/^This is no cassette: version: /)
    expect(() => parseCassette(null)).toThrow('This is no cassette: the file: ')
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
    for (const type of ['retry', 'steer', 'approval-request', 'question-answer', 'checkpoint', 'reasoning-end']) {
      expect(types).toContain(type)
    }
    const ends = new Set(replays.flatMap(({ results }) => results.map(({ status, error }) => error?.code ?? status)))
    expect([...ends].sort()).toEqual(['done', 'insufficient_quota', 'repeated_calls', 'stopped'])
    expect(new Set(replays.flatMap(({ results }) => results.map(({ verified }) => verified)))).toEqual(
      new Set([null, true, false]),
    )
  })
})
