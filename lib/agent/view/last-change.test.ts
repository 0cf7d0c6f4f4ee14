import { expect, it } from 'vitest'
import { attachmentsItem } from '../attachments/attachments-item'
import type { AgentEvent } from '../events'
import { textOf } from '../history'
import { parseEvents } from '../stored/parse-events'
import { attemptsModel, createRaceWorld } from '../testing/attempts'
import { patch, reply, say } from '../testing/scripted'
import { createWorld, run } from '../testing/world'
import { lastChange } from './last-change'

const set = (from: string, to: string) => patch('c1', '*** Update File: src/a.js', `-${from}`, `+${to}`)

it('is the last turn that changed files, from the record, whatever the history still holds', async () => {
  const world = createWorld({ files: { 'src/a.js': 'a\n' } })
  await run(world, [reply(say('It is off by one.'), set('a', 'b')), reply(say('Mended.'))], {
    input: { turnId: 'one', text: 'Mend a\nplease' },
  })
  await run(world, [reply(say('Because.'))], { input: { turnId: 'two', text: 'Why?' } })
  const shortened: AgentEvent = {
    ...{ type: 'compaction', reason: 'user', kept: { userMessages: 0, steps: 0, items: 0 }, droppedItems: 9 },
    ...{ tokensBefore: 9, tokensAfter: 1, summary: '', items: [], prompt: '', usage: null, durationMs: 1 },
    ...{ prepared: false, seq: 99, at: 0, turnId: 'two' },
  }
  const change = lastChange(parseEvents([...world.journal, shortened]))
  expect(change?.of).toBe('Mend a')
  for (const part of ['> please', 'It is off by one.', 'Mended.', '-a\n+b', 'not verified']) {
    expect(change?.text).toContain(part)
  }
  expect(change?.text).not.toContain('Because.')
  expect(change?.text).toContain('- Edit src/a.js: +1 −1\n')
  const item = change && attachmentsItem([{ kind: 'record', ...change }], { files: new Map(), images: false })
  expect(item && textOf(item)).toContain('## record of the turn “Mend a”')
})

it('is that of the attempt that was taken', async () => {
  const world = createRaceWorld()
  const script = (value: number, text: string) => [
    reply(set('export const a = 1', `export const a = ${value}`)),
    reply(say(text)),
  ]
  const { model } = attemptsModel({ 1: script(3, 'Three.'), 2: script(2, 'Two.') })
  await run(world, [], { input: { candidates: 2, text: 'Mend a' }, dependencies: { model } })
  const change = lastChange(world.journal)
  expect(change?.text).toContain('Attempt 2: taken')
  expect(change?.text).toContain('+export const a = 2')
  expect(change?.text).not.toContain('= 3')
})

it('is nothing when nothing was changed', async () => {
  const world = createWorld()
  await run(world, [reply(say('Hi.'))])
  expect(lastChange(world.journal)).toBeNull()
})
