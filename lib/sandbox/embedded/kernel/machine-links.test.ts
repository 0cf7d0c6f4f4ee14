import { expect, it } from 'vitest'
import type { FileOp } from '../protocol'
import { applyOps, createFileTable, isFileOp, projectChanges, projectLinkChanges, toLinkOps } from './machine-files'

const root = '/home/project'
const at = (path: string) => ({ path: `${root}/${path}`, mtimeMs: 1, mode: 0o644 })
const file = (path: string): FileOp => ({ kind: 'file', data: new Uint8Array([1]), ...at(path) })
const link = (path: string, target: string): FileOp => ({ kind: 'symlink', target, ...at(path) })
const gone = (path: string): FileOp => ({ kind: 'gone', path: `${root}/${path}` })

function after(...ops: FileOp[]) {
  const table = createFileTable()
  applyOps(table, ops)
  return table
}

it('tells of links that come, lead elsewhere and go, and of nothing twice', () => {
  const table = after(link('kept', 'a'), link('moved', 'a'), link('removed', 'a'), link('replaced', 'a'))
  const ops = [
    link('new', 'b'),
    link('kept', 'a'),
    link('moved', 'b'),
    gone('removed'),
    file('replaced'),
    gone('never'),
  ]
  expect(projectLinkChanges(table, ops)).toEqual([
    { path: 'new', target: 'b' },
    { path: 'moved', target: 'b' },
    { path: 'removed', target: null },
    { path: 'replaced', target: null },
  ])
})

it('tells that a file is gone where a link takes its place', () => {
  const table = after(file('a'))
  expect(projectChanges(table, [link('a', 'b')])).toEqual([{ path: 'a', after: null }])
})

it('keeps to itself what lies outside the project or in node_modules, and what no project can have', () => {
  const outside: FileOp = { kind: 'symlink', path: '/tmp/link', target: 'a', mtimeMs: 1, mode: 0o777 }
  const ops = [outside, link('node_modules/a', '../a'), link('long', 'x'.repeat(5000)), link('__proto__', 'a')]
  expect(ops.every(isFileOp)).toBe(true)
  expect(projectLinkChanges(createFileTable(), ops)).toEqual([])
})

it('takes links of the IDE where no program has put something else', () => {
  const folder: FileOp = { kind: 'directory', ...at('empty') }
  const table = after(link('old', 'a'), file('file'), file('folder/file'), folder)
  const ops = toLinkOps(table, [
    { path: 'old', target: null },
    { path: 'never', target: null },
    { path: 'file', target: null },
    { path: 'file', target: 'b' },
    { path: 'folder', target: 'b' },
    { path: 'empty', target: 'b' },
    { path: 'new', target: 'b' },
  ])
  expect(ops.map(({ kind, path }) => [kind, path.slice(root.length + 1)])).toEqual([
    ['gone', 'old'],
    ['gone', 'empty'],
    ['symlink', 'empty'],
    ['symlink', 'new'],
  ])
})
