import { expect, it } from 'vitest'
import { type FileOp, largeFileBytes } from '../protocol'
import { applyOps, createFileTable, projectFiles, withLargeShared } from './machine-files'

it('has all Workers share the memory of a large file, but for what the page gets', () => {
  const data = new Uint8Array(largeFileBytes).fill(7)
  const op = (path: string, size: number): FileOp => ({
    kind: 'file',
    path: `/home/project/${path}`,
    data: data.subarray(0, size),
    mtimeMs: 1,
    mode: 0o644,
  })
  const ops = [op('large.bin', largeFileBytes), op('small.bin', 1)]
  const table = createFileTable()
  applyOps(table, withLargeShared(ops))
  expect(table.get('/home/project/large.bin')).toMatchObject({ data: { buffer: expect.any(SharedArrayBuffer) } })
  expect(table.get('/home/project/small.bin')).toBe(ops[1])
  const shown = projectFiles(table)
  expect(shown.every(([, bytes]) => bytes.buffer instanceof ArrayBuffer)).toBe(true)
  expect(shown[0]?.[1].every((byte) => byte === 7)).toBe(true)
})
