import { expect, it } from 'vitest'
import { reply, say } from '@/lib/agent/testing/scripted'
import { createWorld, run } from '@/lib/agent/testing/world'
import { VitrineError } from '@/lib/base'
import { toThreadFile } from './thread-file'

async function twoTurns() {
  const world = createWorld()
  for (const text of ['First', 'Second']) await run(world, [reply(say(text))], { input: { turnId: text, text } })
  return { title: 'X', events: world.journal, freeformTools: true, filesAt: async () => world.workspace.files }
}

it('a cassette that plays as it was has nothing to say', async () => {
  expect((await toThreadFile('cassette', await twoTurns())).note).toBe(null)
})

it('a cassette says where it begins when files of earlier turns are lost', async () => {
  const options = await twoTurns()
  const filesAt = async (id: string) => {
    if (id === 'checkpoint-1') throw new VitrineError('not_found', 'This checkpoint is no longer stored.')
    return options.filesAt()
  }
  const { note } = await toThreadFile('cassette', { ...options, filesAt })
  expect(note).toContain('begins at “Second”')
})

it('a cassette says when it does not play as the conversation went', async () => {
  const options = await twoTurns()
  const events = options.events.map((event) =>
    event.type === 'turn-end' ? { ...event, result: { ...event.result, message: 'Else.' } } : event,
  )
  const { note } = await toThreadFile('cassette', { ...options, events })
  expect(note).toMatch(/does not play as the conversation went\. Turn 1: message is "First"; it was "Else\."\./)
})
