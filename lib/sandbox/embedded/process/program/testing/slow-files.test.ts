import { expect, it } from 'vitest'
import { createVirtualFs } from '../../virtual-fs'
import { openSlowFiles } from './slow-files'

const took = (file: string, durationMs: number) => ({ suite: { file, tests: [] }, durationMs })
const memory = '/tmp/vitrine-slow-tests.json'

function machine(text?: string) {
  const fs = createVirtualFs([])
  fs.mkdir('/tmp', { recursive: true })
  if (text !== undefined) fs.writeFile(memory, text)
  const open = (root = '/home/project') => openSlowFiles(fs, root)
  return { fs, open }
}

it('starts what was slow first, the slowest before all, and leaves the rest as it is', () => {
  const { open } = machine()
  expect(open().startOrder(['a', 'b', 'c', 'd'])).toEqual([0, 1, 2, 3])
  open().learn([took('a', 3), took('b', 600), took('c', 20), took('d', 9000)])
  expect(open().startOrder(['a', 'b', 'c', 'd'])).toEqual([3, 1, 0, 2])
  expect(open().startOrder(['c', 'b'])).toEqual([1, 0])
  expect(open('/home/project/other').startOrder(['a', 'b'])).toEqual([0, 1])
})

it('forgets what became quick, keeps what did not run, and writes nothing for quick tests', () => {
  const { fs, open } = machine()
  open().learn([took('a', 3)])
  expect(fs.exists(memory)).toBe(false)
  open().learn([took('a', 800), took('b', 600)])
  open().learn([took('a', 10)])
  expect(open().startOrder(['c', 'a', 'b'])).toEqual([2, 0, 1])
})

it.each(['', '{', '{"a":1}', '[1,["/home/project/b"],["/home/project/b",null]]', '[["/home/project/b","9"]]'])(
  'takes %j in the file for no times',
  (text) => {
    expect(machine(text).open().startOrder(['a', 'b'])).toEqual([0, 1])
  },
)

it.each(['folder', 'gone'])('goes on without times where there can be no file: %s', (state) => {
  const { fs, open } = machine()
  if (state === 'folder') fs.mkdir(memory, { recursive: true })
  else fs.rm('/tmp', { recursive: true })
  open().learn([took('a', 600)])
  expect(open().startOrder(['b', 'a'])).toEqual([0, 1])
})
