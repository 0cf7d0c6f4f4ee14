import { describe, expect, test } from 'vitest'
import { createWorkspace, type Edit, type EditMeta } from '../workspace'
import { addEdit, createBatchQueue } from './batch'

const user: EditMeta = { origin: 'user', label: 'Edit a.txt' }

function edits(...steps: [path: string, after: string, meta?: EditMeta][]): Edit[] {
  const workspace = createWorkspace()
  const made: Edit[] = []
  workspace.subscribe((edit) => made.push(edit))
  for (const [path, after, meta = user] of steps) workspace.apply([{ path, after }], meta)
  return made
}

describe('a batch', () => {
  test('counts a run of typing in one file as one edit, from its first text to its last', () => {
    const { current } = createBatchQueue()
    for (const edit of edits(['a.txt', 'a'], ['a.txt', 'ab'], ['b.txt', 'x'], ['a.txt', 'abc'])) addEdit(current, edit)
    expect(current.edits.map(({ changes }) => changes)).toEqual([
      [{ path: 'a.txt', before: null, after: 'ab' }],
      [{ path: 'b.txt', before: null, after: 'x' }],
      [{ path: 'a.txt', before: 'ab', after: 'abc' }],
    ])
    expect([...current.files]).toEqual([
      ['a.txt', 'abc'],
      ['b.txt', 'x'],
    ])
  })

  test('never joins what the agent did', () => {
    const { current } = createBatchQueue()
    const agent: EditMeta = { origin: 'agent', label: 'Patch' }
    for (const edit of edits(['a.txt', 'a', agent], ['a.txt', 'ab', agent])) addEdit(current, edit)
    expect(current.edits).toHaveLength(2)
  })
})

describe('the queue', () => {
  const put = (queue: ReturnType<typeof createBatchQueue>, path: string, text: string, event: unknown) => {
    queue.current.files.set(path, text)
    queue.current.events.push({ threadId: 't', event })
    return queue
  }

  test('hands out what failed before what came later, also when failures arrive out of order', () => {
    const queue = put(createBatchQueue(), 'a', '1', 1)
    const first = queue.take()
    const second = put(queue, 'a', '2', 2).take()
    put(queue, 'b', '3', 3)
    queue.restore(second)
    queue.restore(first)
    const all = queue.take()
    expect([...all.files]).toEqual([
      ['a', '2'],
      ['b', '3'],
    ])
    expect(all.events.map(({ event }) => event)).toEqual([1, 2, 3])
    expect(queue.isEmpty()).toBe(true)
  })

  test('does not bring an old text back over a later one that is durable', () => {
    const queue = put(createBatchQueue(), 'a', 'old', 1)
    const first = queue.take()
    const second = put(queue, 'a', 'new', 2).take()
    queue.committed(second)
    queue.restore(first)
    const again = queue.take()
    expect([...again.files]).toEqual([])
    expect(again.events.map(({ event }) => event)).toEqual([1])
  })
})
