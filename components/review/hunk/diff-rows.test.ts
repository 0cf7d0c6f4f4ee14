import { describe, expect, test } from 'vitest'
import { patchProgress, patchRows, unifiedRows } from './diff-rows'

const patch = '*** Begin Patch\n*** Update File: src/a.ts\n@@ function a() {\n keep\n-old\n+new\n*** End Patch\n'

describe('patchRows', () => {
  test('names files and places, and tells added from removed lines', () => {
    expect(patchRows(patch)).toEqual([
      { kind: 'file', text: 'Update File: src/a.ts' },
      { kind: 'hunk', text: 'function a() {' },
      { kind: 'context', text: 'keep' },
      { kind: 'remove', text: 'old' },
      { kind: 'add', text: 'new' },
    ])
  })

  test('reads every unfinished beginning of a patch', () => {
    for (let end = 0; end <= patch.length; end++) expect(() => patchRows(patch.slice(0, end))).not.toThrow()
  })
})

test('patchProgress says the file at hand and the lines so far', () => {
  expect(patchProgress(`${patch.replace('*** End Patch\n', '')}*** Add File: src/b.ts\n+one\n+two`)).toEqual({
    path: 'src/b.ts',
    additions: 3,
    deletions: 1,
  })
  expect(patchProgress('*** Begin Pa')).toMatchObject({ additions: 0, deletions: 0 })
})

describe('unifiedRows', () => {
  test('numbers lines on both sides and says what is left out', () => {
    const before = Array.from({ length: 12 }, (_, index) => `line ${index + 1}`).join('\n')
    const rows = unifiedRows(`${before}\n`, `${before.replace('line 8', 'changed')}\n`)
    expect(rows[0]).toEqual({ kind: 'gap', text: '4 lines the same' })
    expect(rows.filter((row) => row.kind !== 'context')).toEqual([
      { kind: 'gap', text: '4 lines the same' },
      { kind: 'remove', text: 'line 8', before: 8 },
      { kind: 'add', text: 'changed', after: 8 },
    ])
    expect(rows.filter((row) => row.kind === 'context').map((row) => row.after)).toEqual([5, 6, 7, 9, 10, 11])
  })

  test('shows a new file as added lines and equal texts as nothing', () => {
    expect(unifiedRows('', 'a\nb\n').map((row) => [row.kind, row.text])).toEqual([
      ['add', 'a'],
      ['add', 'b'],
    ])
    expect(unifiedRows('a\n', 'a\n')).toEqual([])
  })

  test('says when the newline at the end goes', () => {
    expect(unifiedRows('a\n', 'a').at(-1)).toEqual({ kind: 'gap', text: 'No newline at the end' })
  })
})
