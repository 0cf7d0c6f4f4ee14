import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { recordScenarios } from '../testing/cassette-scenarios'
import { type Cassette, parseCassette, replayCassette } from '.'

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
