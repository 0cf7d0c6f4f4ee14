import { expect, test } from 'vitest'
import { type CheckpointInfo, prunableCheckpoints, treeHash } from './checkpoint'

const day = 86_400_000
const at = (n: number, time: number): CheckpointInfo => ({ id: `c${n}`, at: time, label: '', turnId: null })

test('pruning keeps the first, the last 20 and the last of each day', () => {
  const list = [
    ...Array.from({ length: 30 }, (_, n) => at(n, Math.floor(n / 10) * day + n)),
    ...Array.from({ length: 20 }, (_, n) => at(30 + n, 9 * day + n)),
  ]
  const gone = new Set(prunableCheckpoints(list))
  const kept = list.filter(({ id }) => !gone.has(id)).map(({ id }) => id)
  expect(kept).toEqual(['c0', 'c9', 'c19', 'c29', ...Array.from({ length: 20 }, (_, n) => `c${30 + n}`)])
})

test('those without files of their own count for nothing, and stay as long as the one that has them', () => {
  const list = Array.from({ length: 30 }, (_, n) => [at(n, n), { ...at(100 + n, n), filesOf: `c${n}` }]).flat()
  const gone = Array.from({ length: 9 }, (_, n) => [`c${n + 1}`, `c${101 + n}`]).flat()
  expect(prunableCheckpoints(list)).toEqual(gone)
})

test('nothing is pruned of a short list', () => {
  expect(prunableCheckpoints([])).toEqual([])
  expect(prunableCheckpoints(Array.from({ length: 21 }, (_, n) => at(n, n)))).toEqual([])
})

test('equal trees have equal hashes, in any order of their files', () => {
  const tree = new Map([
    ['a', '1'],
    ['b', '2'],
  ])
  expect(treeHash(new Map([...tree].reverse()))).toBe(treeHash(tree))
  expect(
    treeHash(
      new Map([
        ['a', '2'],
        ['b', '1'],
      ]),
    ),
  ).not.toBe(treeHash(tree))
})
