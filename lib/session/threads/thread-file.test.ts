import { expect, it } from 'vitest'
import { reply, say } from '@/lib/agent/testing/scripted'
import { createWorld, run } from '@/lib/agent/testing/world'
import { VitrineError } from '@/lib/base'
import type { FileMap } from '@/lib/workspace'
import { toThreadFile } from './thread-file'

async function twoTurns() {
  const world = createWorld()
  for (const text of ['First', 'Second']) await run(world, [reply(say(text))], { input: { turnId: text, text } })
  const filesAt = async (): Promise<FileMap> => world.workspace.files
  return { title: 'X', events: world.journal, freeformTools: true, filesAt, links: new Map() }
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

it('a cassette says what it leaves out', async () => {
  const options = await twoTurns()
  const filesAt = async () => new Map([...(await options.filesAt()), ['logo.png', new Uint8Array([1])] as const])
  const links = new Map(['a', 'b', 'c', 'd'].map((path) => [path, 'src']))
  const { note } = await toThreadFile('cassette', { ...options, filesAt, links })
  expect(note).toBe(
    'It holds text files only, so it leaves out 1 binary file (logo.png) and 4 symbolic links (a, b, c, …).',
  )
})

it('a cassette says when it does not play as the conversation went', async () => {
  const options = await twoTurns()
  const events = options.events.map((event) =>
    event.type === 'turn-end' ? { ...event, result: { ...event.result, message: 'Else.' } } : event,
  )
  const { note } = await toThreadFile('cassette', { ...options, events })
  expect(note).toMatch(/does not play as the conversation went\. Turn 1: message is "First"; it was "Else\."\./)
})
