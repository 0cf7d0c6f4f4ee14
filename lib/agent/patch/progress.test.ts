import { expect, test } from 'vitest'
import { patchProgress } from './index'

test('counts what whole lines say and hides half a line', () => {
  const partial =
    '*** Begin Patch\n*** Update File: a.ts\n*** Move to: b.ts\n@@\n-old\n+new\n+more\n*** Add File: c.ts\n+x\n+y'
  expect(patchProgress(partial)).toEqual([
    { path: 'a.ts', kind: 'update', movedTo: 'b.ts', additions: 2, deletions: 1 },
    { path: 'c.ts', kind: 'add', additions: 1, deletions: 0 },
  ])
  expect(patchProgress('*** Begin Patch\n*** Delete File: a')).toEqual([])
})
