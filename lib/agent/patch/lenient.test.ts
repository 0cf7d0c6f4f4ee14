import { describe, expect, test } from 'vitest'
import { applyPatch } from './index'

const source = `import { open } from './door'

export class House {
  enter() {
    open('front')
    return true
  }

  leave() {
    open('back')
    return true
  }
}
`

function lenient(patch: string, files: Record<string, string> = { 'src/house.ts': source }) {
  const before = new Map(Object.entries(files))
  const result = applyPatch(before, patch, { mode: 'lenient' })
  if (!result.ok) expect(result.files).toEqual(before)
  return { ...result, files: Object.fromEntries(result.files) }
}

const wrap = (...lines: string[]) => ['*** Begin Patch', ...lines, '*** End Patch'].join('\n')
const update = (...lines: string[]) => wrap('*** Update File: src/house.ts', ...lines)
const simple = ['@@', "-    open('front')", "+    open('gate')"]
const opened = source.replace("'front'", "'gate'")

describe('lenient mode', () => {
  test.each([
    ['a plain patch', update(...simple)],
    ['a markdown fence', `Here it is:\n\n\`\`\`diff\n${update(...simple)}\n\`\`\`\nDone.`],
    ['a heredoc in a shell call', `apply_patch <<'EOF'\n${update(...simple)}\nEOF`],
    ['CRLF', update(...simple).replaceAll('\n', '\r\n')],
    ['a byte order mark', `\ufeff${update(...simple)}`],
    ['an indented patch', update(...simple).replace(/^/gm, '    ')],
    ['no begin marker', update(...simple).replace('*** Begin Patch\n', '')],
    [
      'other capitals',
      update(...simple)
        .replace('Begin Patch', 'begin patch')
        .replace('Update File', 'update file'),
    ],
    ['a path in backticks', update(...simple).replace('src/house.ts', '`./src/house.ts`')],
    ['a range header', update('@@ -5,1 +5,1 @@ enter() {', ...simple.slice(1))],
    ['file headers of a diff', update('--- a/src/house.ts', '+++ b/src/house.ts', ...simple)],
    ['scopes in a row', update('@@ class House', '@@ enter() {', ...simple.slice(1))],
    ['a scope that is not in the file', update('@@ function enter', ...simple.slice(1))],
    ['context without its space', update('@@', '  enter() {', ...simple.slice(1))],
    ['a unified diff', ['--- a/src/house.ts', '+++ b/src/house.ts', '@@ -5 +5 @@', ...simple.slice(1), ''].join('\n')],
    [
      'a git diff in a fence',
      [
        '```',
        'diff --git a/src/house.ts b/src/house.ts',
        'index 1234567..89abcde 100644',
        '--- a/src/house.ts',
        '+++ b/src/house.ts',
        '@@ -4,3 +4,3 @@ class House {',
        '   enter() {',
        ...simple.slice(1),
        '     return true',
        '```',
      ].join('\n'),
    ],
    ['blank lines that the file lacks', update('@@', '   enter() {', '', ...simple.slice(1))],
    [
      'blank lines left out',
      update('@@', " import { open } from './door'", ' export class House {', '   enter() {', ...simple.slice(1)),
    ],
    ['context that differs a little', update('@@', '   enter(): boolean {', ...simple.slice(1), '     return true;')],
    ['chunks around nothing', update('@@', '', ...simple)],
  ])('takes %s', (_, patch) => {
    expect(lenient(patch)).toMatchObject({ ok: true, files: { 'src/house.ts': opened } })
  })

  test('takes chunks out of order', () => {
    const patch = update(
      '@@',
      "-    open('back')",
      "+    open('side')",
      '@@',
      "-    open('front')",
      "+    open('gate')",
    )
    expect(lenient(patch).files['src/house.ts']).toBe(opened.replace("'back'", "'side'"))
  })

  test('gives added lines the indent that the file has', () => {
    const patch = update(
      '@@',
      '-open("front")'.replaceAll('"', "'"),
      "+open('gate')",
      '+if (late) {',
      "+  lock('gate')",
      '+}',
    )
    const expected = source.replace(
      "    open('front')\n",
      "    open('gate')\n    if (late) {\n      lock('gate')\n    }\n",
    )
    expect(lenient(patch).files['src/house.ts']).toBe(expected)
  })

  test('turns spaces of the patch into tabs of the file', () => {
    const files = { f: 'a {\n\tb {\n\t\tc()\n\t}\n}\n' }
    const patch = wrap(
      '*** Update File: f',
      '@@',
      ' a {',
      '   b {',
      '-    c()',
      '+    d()',
      '+    if (e) {',
      '+      f()',
      '+    }',
      '   }',
    )
    expect(lenient(patch, files).files.f).toBe('a {\n\tb {\n\t\td()\n\t\tif (e) {\n\t\t\tf()\n\t\t}\n\t}\n}\n')
  })

  test('keeps a byte order mark and line endings of the file', () => {
    const files = { f: '\ufeffone\r\ntwo\r\n' }
    expect(lenient(wrap('*** Update File: f', '@@', '-one', '+1'), files).files.f).toBe('\ufeff1\r\ntwo\r\n')
  })

  test('finds the place by scope, by line and by order when lines repeat', () => {
    const lines = ['-    return true', '+    return false']
    const expected = source.replace(/true(?![\s\S]*true)/, 'false')
    expect(lenient(update('@@ leave() {', ...lines)).files['src/house.ts']).toBe(expected)
    expect(lenient(update('@@ -11,1 +11,1 @@', ...lines)).files['src/house.ts']).toBe(expected)
    expect(lenient(update('@@', "-    open('back')", "+    open('back')", '@@', ...lines)).files['src/house.ts']).toBe(
      expected,
    )
  })

  test('refuses lines that stand in several places and says where', () => {
    const result = lenient(update('@@', '-    return true', '+    return false'))
    expect(result).toMatchObject({ ok: false, reason: 'ambiguous' })
    expect(result).toHaveProperty('message', expect.stringContaining('2 places (lines 6, 11)'))
  })

  test('shows the nearest lines when none match', () => {
    const result = lenient(update('@@', '   leave() {', "-    close('back')", "+    open('side')"))
    expect(result).toMatchObject({ ok: false, reason: 'no-match' })
    expect(result).toHaveProperty('message', expect.stringContaining("10 |     open('back')"))
  })

  test('says when the file already has the change', () => {
    const result = lenient(update('@@', '   leave() {', "-    open('front')", "+    open('back')"))
    expect(result).toHaveProperty('message', expect.stringContaining('already has the lines'))
  })

  test('does not remove a line that it has not seen', () => {
    expect(lenient(update('@@', '   enter() {', "-    open('font')", "+    open('gate')"))).toMatchObject({ ok: false })
  })

  test('changes nothing when a later section fails', () => {
    const patch = wrap('*** Add File: a', '+x', '*** Delete File: house.ts')
    const result = lenient(patch)
    expect(result).toMatchObject({ ok: false, reason: 'missing-file', changes: [] })
    expect(result).toHaveProperty('message', expect.stringContaining('Did you mean src/house.ts?'))
  })

  test.each([
    ['is cut off', update(...simple).replace('*** End Patch', '')],
    ['is prose', 'I would change the door.'],
    ['has a section without a path', wrap('*** Update File:', ...simple)],
    ['has a strange section', wrap('*** Frobnicate File: f')],
    ['changes nothing', wrap()],
    ['mixes marked and bare lines in a new file', wrap('*** Add File: a', '+one', 'two')],
    ['inserts at a scope without context', update('@@ enter() {', "+    lock('front')")],
  ])('refuses a patch that %s', (_, patch) => {
    expect(lenient(patch).ok).toBe(false)
  })

  test('creates, deletes and renames by diff', () => {
    const diff = [
      'diff --git a/new.txt b/new.txt',
      'new file mode 100644',
      '--- /dev/null',
      '+++ b/new.txt',
      '@@ -0,0 +1,2 @@',
      '+one',
      '+two',
      '\\ No newline at end of file',
      'diff --git a/old.txt b/old.txt',
      'deleted file mode 100644',
      '--- a/old.txt',
      '+++ /dev/null',
      '@@ -1 +0,0 @@',
      '-bye',
      'diff --git a/from.txt b/to.txt',
      'similarity index 100%',
      'rename from from.txt',
      'rename to to.txt',
      '',
    ]
    const result = lenient(diff.join('\n'), { 'old.txt': 'bye\n', 'from.txt': 'same\n' })
    expect(result).toMatchObject({ ok: true })
    expect(result.files).toEqual({ 'new.txt': 'one\ntwo\n', 'to.txt': 'same\n' })
  })

  test('takes a new file without plus signs', () => {
    const patch = wrap('*** Add File: a.md', '# Title', '', 'Text', '')
    expect(lenient(patch, {}).files).toEqual({ 'a.md': '# Title\n\nText\n' })
  })

  test('renames without a change', () => {
    const patch = wrap('*** Update File: a', '*** Move to: b/c')
    expect(lenient(patch, { a: 'x\r\n' }).files).toEqual({ 'b/c': 'x\r\n' })
  })

  test('explains a miss in a file of 20,000 lines without comparing all with all', () => {
    const files = {
      f: Array.from({ length: 20_000 }, (_, index) => `  const value${index} = compute(${index})\n`).join(''),
    }
    const old = Array.from({ length: 40 }, (_, index) => `-  let other${index} = nothing(${index})`)
    const startedAt = performance.now()
    expect(lenient(wrap('*** Update File: f', '@@', ...old, '+x'), files).ok).toBe(false)
    expect(performance.now() - startedAt).toBeLessThan(5000)
  })
})
