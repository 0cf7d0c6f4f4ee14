import { expect, it } from 'vitest'
import { call, reply, say } from '../testing/scripted'
import { createWorld, outputs, run } from '../testing/world'

it('tells the model of a key only that it is there, and drops characters that nobody can see', async () => {
  const key = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`
  const files = { '.env': `TOKEN=${key}\n`, 'notes.md': 'read\u{e0041}\u200b this\n' }
  const { events } = await run(createWorld({ approve: () => ({ decision: 'once' }), files }), [
    reply(call('env', 'read_file', { path: '.env' }), call('notes', 'read_file', { path: 'notes.md' })),
    reply(say('Done.')),
  ])
  expect(outputs(events).env).toContain('TOKEN=«secret:')
  expect(JSON.stringify(events)).not.toContain(key)
  expect(outputs(events).notes).toContain('read this')
})
