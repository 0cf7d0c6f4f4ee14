import { expect, it } from 'vitest'
import type { FileOp } from '../protocol'
import { applyOps, createFileTable, projectExecutableChanges, toModeOps, toOps } from './machine-files'

const root = '/home/project'
const file = (path: string, mode: number): FileOp => {
  return { kind: 'file', data: new Uint8Array([1]), path: `${root}/${path}`, mtimeMs: 1, mode }
}

function after(...ops: FileOp[]) {
  const table = createFileTable()
  applyOps(table, ops)
  return table
}

it('tells of files that become executable or cease to be, and of nothing twice', () => {
  const table = after(file('on', 0o644), file('off', 0o755), file('kept', 0o755), file('gone', 0o755))
  const ops: FileOp[] = [
    ...[file('on', 0o744), file('off', 0o600), file('kept', 0o711), file('new', 0o700), file('plain', 0o644)],
    ...[file('others-only', 0o655), file('node_modules/.bin/tool', 0o755)],
    { kind: 'gone', path: `${root}/gone` },
    { kind: 'directory', path: `${root}/folder`, mtimeMs: 1, mode: 0o755 },
  ]
  expect(projectExecutableChanges(table, ops)).toEqual([
    { path: 'on', executable: true },
    { path: 'off', executable: false },
    { path: 'new', executable: true },
  ])
})

it('takes the bit from the IDE and leaves the rest of the mode', () => {
  const table = after(file('a', 0o640), file('b', 0o750), file('same', 0o755))
  const ops = toModeOps(
    table,
    ['a', 'b', 'same', 'missing'].map((path) => ({ path, executable: path !== 'b' })),
  )
  expect(ops.map((op) => 'mode' in op && [op.path.slice(root.length + 1), op.mode])).toEqual([
    ['a', 0o751],
    ['b', 0o640],
  ])
})

it('keeps a file executable that the IDE edits', () => {
  const table = after(file('run.sh', 0o755))
  const changes = ['run.sh', 'new.sh'].map((path) => ({ path, after: 'echo' }))
  expect(toOps(table, changes).map((op) => 'mode' in op && op.mode)).toEqual([0o755, 0o644])
})
