import { expect, it } from 'vitest'
import type { CommandContext } from '@/components/commands/command'
import { createStore } from '@/lib/base'
import type { AgentState } from '@/lib/session/types'
import { attemptCount } from '../candidates/attempt-count'
import { runCandidates } from './candidates-command'

function open({ running = false } = {}) {
  const sent: unknown[] = []
  const toasts: string[] = []
  const agent = {
    state: createStore(() => ({ running }) as unknown as AgentState),
    send: (text: string, options: unknown) => void sent.push([text, options]),
    enqueue: (text: string, options: unknown) => void sent.push(['queued', text, options]),
  }
  const session = { agent, memory: { get: () => undefined, set: () => undefined } }
  const context = { session, toast: ({ text }: { text: string }) => void toasts.push(text) }
  const store = attemptCount(context.session as unknown as CommandContext['session'])
  return {
    sent,
    toasts,
    store,
    run: (argument: string) => runCandidates(context as unknown as CommandContext, argument),
  }
}

it('sends the task that follows a number with so many attempts, and leaves the picker alone', () => {
  const { run, sent, store } = open()
  run('3 fix the tests\nand the docs')
  expect(sent).toEqual([['fix the tests\nand the docs', { candidates: 3 }]])
  expect(store.getState()).toEqual({ count: 1, isChoosing: false })
})

it('waits for the running turn to be done', () => {
  const { run, sent } = open({ running: true })
  run('3 fix the tests')
  expect(sent).toEqual([['queued', 'fix the tests', { candidates: 3 }]])
})

it('sets the number for all messages when no task follows, and opens the list when nothing does', () => {
  const { run, sent, store, toasts } = open()
  run('4')
  expect(store.getState()).toEqual({ count: 4, isChoosing: false })
  expect(toasts).toEqual(['The next message gets 4 attempts, side by side.'])
  run('')
  expect(store.getState()).toEqual({ count: 4, isChoosing: true })
  expect(sent).toEqual([])
})

it('says what to write instead of what it cannot take, and sends nothing', () => {
  const { run, sent, store } = open()
  expect(() => run('fix the tests')).toThrow('a number from 1 to 8 and then the task')
  expect(() => run('9 fix the tests')).toThrow('a number from 1 to 8')
  expect(() => run('0')).toThrow('a number from 1 to 8')
  expect(() => run('3')).toThrow('1, 2, 4, 8')
  expect([sent, store.getState().count]).toEqual([[], 1])
})
