import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createWorkspace } from '@/lib/workspace'
import { resolveReference } from './build-document'
import { createLivePreview } from './live-preview'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('tells listeners of a flood of lines once in a while, and keeps the last ones', () => {
  const preview = createLivePreview(createWorkspace())
  const told = vi.fn()
  preview.state.subscribe(told)
  for (let index = 0; index < 10_000; index++) preview.log({ level: 'log', text: String(index) })
  vi.advanceTimersByTime(100)
  expect(told).toHaveBeenCalledTimes(1)
  expect(preview.state.getState().console).toHaveLength(500)
  expect(preview.state.getState().console.at(-1)?.text).toBe('9999')
  preview.dispose()
})

it('builds one page when the shown one asks for a thousand', async () => {
  const preview = createLivePreview(createWorkspace(new Map([['index.html', '<p>Hello</p>']])))
  for (let index = 0; index < 1000; index++) preview.open('/index.html')
  await vi.advanceTimersByTimeAsync(1000)
  // There is no DOM here, so each attempt leaves a line: the first, and one for all the others.
  expect(preview.state.getState().console).toHaveLength(2)
  preview.dispose()
})

it('says that a link leads nowhere, also when it is no valid URL', () => {
  const preview = createLivePreview(createWorkspace())
  preview.open('%E0%A4%A')
  vi.advanceTimersByTime(100)
  expect(preview.state.getState().console).toEqual([{ level: 'error', text: 'Not in the project: %E0%A4%A' }])
  preview.dispose()
})

it('finds files whose names hold a per cent sign or a blank', () => {
  const files = new Map([
    ['50%.png', ''],
    ['a b.css', ''],
  ])
  expect(resolveReference(files, 'index.html', '50%.png')).toBe('50%.png')
  expect(resolveReference(files, 'index.html', './a%20b.css?v=1')).toBe('a b.css')
})
