import { describe, expect, test } from 'vitest'
import { applyPatch } from './index'

function apply(files: Record<string, string>, ...lines: string[]) {
  const patch = ['*** Begin Patch', ...lines, '*** End Patch'].join('\n')
  const result = applyPatch(new Map(Object.entries(files)), patch, { mode: 'strict' })
  return { ...result, files: Object.fromEntries(result.files) }
}

describe('strict mode', () => {
  test('adds, updates, moves and deletes in one patch and reports the net change of each path', () => {
    const result = apply(
      { 'a.txt': 'one\ntwo\n', 'b.txt': 'old\n', 'c.txt': 'gone\n' },
      '*** Add File: new/d.txt',
      '+fresh',
      '*** Update File: a.txt',
      '@@',
      ' one',
      '-two',
      '+2',
      '+3',
      '*** Update File: b.txt',
      '*** Move to: e.txt',
      '@@',
      '-old',
      '+new',
      '*** Delete File: c.txt',
    )
    expect(result).toEqual({
      ok: true,
      files: { 'a.txt': 'one\n2\n3\n', 'e.txt': 'new\n', 'new/d.txt': 'fresh\n' },
      changes: [
        { path: 'a.txt', kind: 'update', before: 'one\ntwo\n', after: 'one\n2\n3\n', additions: 2, deletions: 1 },
        { path: 'b.txt', kind: 'delete', before: 'old\n', after: null, additions: 0, deletions: 0 },
        { path: 'c.txt', kind: 'delete', before: 'gone\n', after: null, additions: 0, deletions: 1 },
        { path: 'e.txt', kind: 'add', before: null, after: 'new\n', additions: 1, deletions: 1, movedFrom: 'b.txt' },
        { path: 'new/d.txt', kind: 'add', before: null, after: 'fresh\n', additions: 1, deletions: 0 },
      ],
    })
  })

  test('keeps what was applied before the section that fails, and says so in files and changes', () => {
    const result = apply({}, '*** Add File: a', '+x', '*** Delete File: b')
    expect(result).toMatchObject({ ok: false, reason: 'missing-file', files: { a: 'x\n' }, changes: [{ path: 'a' }] })
  })

  test('takes the first match after the scope', () => {
    const file = 'a\nx\nb\nx\nc\nx\n'
    expect(apply({ f: file }, '*** Update File: f', '@@ b', '-x', '+y').files.f).toBe('a\nx\nb\ny\nc\nx\n')
  })

  test('finds lines by ever looser views: trailing space, indent, punctuation', () => {
    const file = 'if (a) {  \n\tsay(“hi”)\n}\n'
    const result = apply({ f: file }, '*** Update File: f', '@@', ' if (a) {', '-say("hi")', '+  stay()', ' }')
    expect(result.files.f).toBe('if (a) {  \n  stay()\n}\n')
  })

  test('never looks back: chunks out of order are refused', () => {
    const result = apply({ f: 'a\nb\n' }, '*** Update File: f', '@@', '-b', '+B', '@@', '-a', '+A')
    expect(result).toMatchObject({ ok: false, reason: 'no-match', files: { f: 'a\nb\n' } })
  })

  test('pins a chunk with the end marker to the end of the file', () => {
    const result = apply({ f: 'a\nb\na\n' }, '*** Update File: f', '@@', '-a', '+z', '*** End of File')
    expect(result.files.f).toBe('a\nb\nz\n')
  })

  test.each([
    ['an empty patch', [], 'invalid-patch'],
    ['a chunk without lines', ['*** Update File: f', '@@'], 'invalid-patch'],
    ['nested scopes', ['*** Update File: f', '@@ a', '@@ b', '-x'], 'invalid-patch'],
    ['a range header', ['*** Update File: f', '@@ -1,1 +1,1 @@', '-x', '+y'], 'no-match'],
    ['a path outside the project', ['*** Add File: ../f', '+x'], 'bad-path'],
    ['an absolute path', ['*** Add File: /f', '+x'], 'bad-path'],
    ['a file in place of a folder', ['*** Add File: d', '+x'], 'path-conflict'],
    ['a folder in place of a file', ['*** Add File: f/g', '+x'], 'path-conflict'],
    ['deleting a folder', ['*** Delete File: d'], 'missing-file'],
  ])('refuses %s', (_, lines, reason) => {
    const files = { f: 'x\n', 'd/g': 'x\n' }
    expect(apply(files, ...lines)).toMatchObject({ ok: false, reason, files, changes: [] })
  })
})
