import { expect, test } from 'playwright/test'
import { programRunner } from '../harness/harness'

const run = programRunner()

const vitest = (files: Record<string, string>, ...words: string[]) => run({ files, argv: ['vitest', 'run', ...words] })

test('snapshots are written beside the test, in the format of vitest', async () => {
  const body = `import { describe, expect, test } from 'vitest'\ndescribe('box', () => { test('holds', () => { expect({ a: [1], b: 'x' }).toMatchSnapshot(); expect('\\n\`').toMatchSnapshot('hint') }) })`
  const { files, stdout, exitCode } = await vitest({ 'src/a.test.ts': body })
  expect(exitCode).toBe(0)
  expect(stdout).toContain('Snapshots  2 written')
  expect(files['src/__snapshots__/a.test.ts.snap']).toBe(
    '// Vitest Snapshot v1, https://vitest.dev/guide/snapshot.html\n\nexports[`box > holds > hint 1`] = `\n"\n\\`"\n`;\n\nexports[`box > holds 1`] = `\n{\n  "a": [\n    1,\n  ],\n  "b": "x",\n}\n`;\n',
  )
  const again = await vitest(files)
  expect(again.exitCode).toBe(0)
  expect(again.stdout).not.toContain('Snapshots')
})

test('a difference fails, -u writes it, and what is no longer used is named', async () => {
  const { files } = await vitest({
    'a.test.ts': `import { expect, test } from 'vitest'\ntest('x', () => expect(1).toMatchSnapshot())\ntest('y', () => expect(1).toMatchSnapshot())`,
  })
  const changed = {
    ...files,
    'a.test.ts': `import { expect, test } from 'vitest'\ntest('x', () => expect(2).toMatchSnapshot())`,
  }
  const failed = await vitest(changed)
  expect(failed.exitCode).toBe(1)
  expect(failed.stdout).toContain('Error: Snapshot `x 1` mismatched\n\nExpected: "1"\nReceived: "2"\n')
  const updated = await vitest(changed, '-u')
  expect(updated.exitCode).toBe(0)
  expect(updated.files['__snapshots__/a.test.ts.snap']).toContain('exports[`x 1`] = `2`;')
  expect(updated.files['__snapshots__/a.test.ts.snap']).not.toContain('y 1')
  const stale = await vitest({
    ...files,
    'a.test.ts': `import { expect, test } from 'vitest'\ntest('x', () => expect(1).toMatchSnapshot())`,
  })
  expect(stale.stdout).toContain('Snapshots  1 obsolete')
})

test('inline snapshots are written into the source', async () => {
  const body = `import { expect, test } from 'vitest'\n\ntest('x', async () => {\n  const it: { a: number[] } = { a: [1] }; expect(it).toMatchInlineSnapshot()\n  expect('one').toMatchInlineSnapshot()\n  expect(() => { throw new TypeError('bad') }).toThrowErrorMatchingInlineSnapshot()\n  await expect(Promise.resolve(2)).resolves.toMatchInlineSnapshot()\n})\n`
  const { files, exitCode } = await vitest({ 'a.test.ts': body })
  expect(exitCode).toBe(0)
  expect(files['a.test.ts']).toBe(
    "import { expect, test } from 'vitest'\n\ntest('x', async () => {\n  const it: { a: number[] } = { a: [1] }; expect(it).toMatchInlineSnapshot(`\n    {\n      \"a\": [\n        1,\n      ],\n    }\n  `)\n  expect('one').toMatchInlineSnapshot(`\"one\"`)\n  expect(() => { throw new TypeError('bad') }).toThrowErrorMatchingInlineSnapshot(`[TypeError: bad]`)\n  await expect(Promise.resolve(2)).resolves.toMatchInlineSnapshot(`2`)\n})\n",
  )
  expect((await vitest(files)).exitCode).toBe(0)
})

test('file snapshots, properties, serializers and CI', async () => {
  const body = `import { expect, test } from 'vitest'\nexpect.addSnapshotSerializer({ test: (value) => value instanceof Set, serialize: () => 'a set' })\ntest('file', async () => { await expect('<p/>').toMatchFileSnapshot('./out/p.html') })\ntest('rest', () => { expect({ at: new Date(), s: new Set() }).toMatchSnapshot({ at: expect.any(Date) }) })`
  const first = await vitest({ 'a.test.ts': body })
  expect(first.files['out/p.html']).toBe('<p/>')
  expect(first.files['__snapshots__/a.test.ts.snap']).toContain('"at": Any<Date>,\n  "s": a set,')
  expect((await vitest(first.files)).exitCode).toBe(0)
  const inCi = await run({ files: { 'a.test.ts': body }, argv: ['vitest', 'run'], env: { CI: '1' } })
  expect(inCi.exitCode).toBe(1)
  expect(inCi.files['out/p.html']).toBe(undefined)
})

test('Jest has its own format and messages', async () => {
  const body = `describe('box', () => { test('holds', () => { expect({ a: 1 }).toMatchSnapshot(); expect([1]).toMatchInlineSnapshot(); expect(() => { throw new Error('no') }).toThrowErrorMatchingSnapshot() }) })`
  const files = { 'package.json': '{ "jest": {} }', 'a.test.js': body }
  const first = await run({ files, argv: ['jest'] })
  expect(first.stdout).toContain('Snapshots:   3 written, 3 total')
  expect(first.files['__snapshots__/a.test.js.snap']).toBe(
    '// Jest Snapshot v1, https://jestjs.io/docs/snapshot-testing\n\nexports[`box holds 1`] = `\n{\n  "a": 1,\n}\n`;\n\nexports[`box holds 3`] = `"no"`;\n',
  )
  const changed = { ...first.files, 'a.test.js': (first.files['a.test.js'] ?? '').replace('a: 1', 'a: 2') }
  const second = await run({ files: changed, argv: ['jest', '--ci'] })
  expect(second.exitCode).toBe(1)
  expect(second.stdout).toContain(
    'expect(received).toMatchSnapshot()\n\n    Snapshot name: `box holds 1`\n\n    - Snapshot  - 1\n    + Received  + 1\n',
  )
})
