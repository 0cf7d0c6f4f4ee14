import { describe, expect, it } from 'vitest'
import type { CommandContext } from '@/components/commands/command'
import { matchSlash, parseSlash, slashCommands } from './slash-commands'

describe('a message that begins with a slash', () => {
  it('is a command with its argument, which may have several lines', () => {
    expect(parseSlash('/plan  move the tests\nand the docs')).toMatchObject({
      command: { name: 'plan' },
      argument: 'move the tests\nand the docs',
    })
    expect(parseSlash('/new')).toMatchObject({ command: { name: 'new' }, argument: '' })
  })

  it('is an ordinary message when there is no such command', () => {
    expect(parseSlash('/src/main.ts is wrong')).toBeNull()
    expect(parseSlash('/nothing here')).toBeNull()
    expect(parseSlash('see /plan')).toBeNull()
  })

  it('was meant as a command when it is a name alone', async () => {
    await expect(parseSlash('/help')?.command.run({} as CommandContext, '')).rejects.toThrow(
      'There is no command /help. Type / to see them all.',
    )
  })

  it('does not join a running turn, which has a mode of its own, but waits', async () => {
    const sent: unknown[] = []
    const agent = {
      state: { getState: () => ({ running: true, events: [] }) },
      send: () => expect.fail('It would have become part of the running turn.'),
      enqueue: async (...message: unknown[]) => void sent.push(message),
    }
    const context = { session: { agent } } as unknown as CommandContext
    await parseSlash('/plan the move')?.command.run(context, 'the move')
    expect(sent).toEqual([['the move', { mode: 'plan' }]])
    await expect(parseSlash('/explain')?.command.run(context, '')).rejects.toThrow('Nothing has been changed')
  })

  it('shows what it may become until something follows the name', () => {
    expect(matchSlash('/')).toEqual(slashCommands)
    expect(matchSlash('/ex').map(({ name }) => name)).toEqual(['explain', 'export'])
    expect(matchSlash('/plan ')).toEqual([])
    expect(matchSlash('plan')).toEqual([])
  })
})
