import { expect, test } from 'vitest'
import { parseLenient, parsePatch } from './index'

const patch = `*** Begin Patch
*** Add File: a.txt
+one
*** Delete File: b.txt
*** Update File: c.txt
*** Move to: d.txt
@@ function f() {
 kept
-old
+new

*** End of File
*** End Patch
`

const sections = [
  { kind: 'add', path: 'a.txt', content: 'one\n' },
  { kind: 'delete', path: 'b.txt' },
  {
    kind: 'update',
    path: 'c.txt',
    moveTo: 'd.txt',
    chunks: [
      {
        scopes: ['function f() {'],
        lines: [
          { kind: 'keep', text: 'kept' },
          { kind: 'remove', text: 'old' },
          { kind: 'add', text: 'new' },
          { kind: 'keep', text: '' },
        ],
        endOfFile: true,
        lineHint: null,
      },
    ],
  },
]

test.each([
  ['strict', parsePatch],
  ['lenient', parseLenient],
])('reads every part of a patch in %s mode', (_, parse) => {
  expect(parse(patch)).toEqual({ ok: true, sections })
})

test('finds a move behind a stray end-of-file marker, as the Codex CLI does', () => {
  const lines = ['*** Update File: a', '*** End of File', '*** Move to: b', '@@', '-x', '+y']
  expect(parsePatch(['*** Begin Patch', ...lines, '*** End Patch'].join('\n'))).toMatchObject({
    ok: true,
    sections: [{ path: 'a', moveTo: 'b', chunks: [{ endOfFile: false }] }],
  })
})

test('takes two carriage returns off a line, no more', () => {
  const parsed = parsePatch('*** Begin Patch\n*** Add File: a\n+x\r\r\n+y\r\r\r\n*** End Patch')
  expect(parsed).toEqual({ ok: true, sections: [{ kind: 'add', path: 'a', content: 'x\ny\r\n' }] })
})

test('takes the line of a range header as a hint', () => {
  const parsed = parseLenient('--- a/f\n+++ b/f\n@@ -12,2 +12,2 @@ class A\n-x\n+y\n')
  expect(parsed).toMatchObject({ ok: true, sections: [{ path: 'f', chunks: [{ scopes: [], lineHint: 12 }] }] })
})

test.each([
  ['*** Begin Patch\n*** End', 'the last line must be'],
  ['hello', 'the first line must be'],
  ['*** Begin Patch\n*** Update File: a\n@@\nx\n*** End Patch', "line 4: unexpected line 'x'"],
  [
    '*** Begin Patch\n*** Update File: a\n@@\n-x\n*** End of File\n+y\n*** End Patch',
    "line 6: expected a line starting with '@@'",
  ],
  ['*** Begin Patch\n*** Update File: a\n*** End Patch', "line 2: the update of 'a' is empty"],
])('says where %j goes wrong', (text, words) => {
  expect(parsePatch(text)).toEqual({ ok: false, message: expect.stringContaining(words) })
})
