import { expect, test } from 'playwright/test'
import { sandboxPage } from '../../../testing/sandbox-page'
import { runInNode } from './harness/node-oracle'

const page = sandboxPage()

const files = {
  'package.json': '{ "scripts": { "test": "node --test --import ./setup.mjs" } }',
  'setup.mjs': `globalThis.isSetUp = true`,
  'only-names.mjs': `export default async function* (source) { for await (const { type, data } of source) if (type === 'test:pass') yield data.name + '\\n' }`,
  'a.test.mjs': `import test, { after, beforeEach, describe, it, mock } from 'node:test'
import assert from 'node:assert/strict'
beforeEach((t) => { t.mock.method(console, 'info', () => {}) })
test('top', async (t) => {
  await t.test('sub', () => { assert.equal(console.info.mock.callCount(), 0) })
  await t.test('sub 2', { skip: 'why' }, () => { throw 1 })
})
describe('group', { concurrency: true }, () => {
  it('fails', () => { assert.equal(1, 2) })
  it('timers', (t) => { t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1000 }); let x = 0; setTimeout(() => { x = Date.now() }, 100); t.mock.timers.tick(100); assert.equal(x, 1100) })
  it('plan', (t) => { t.plan(2); t.assert.equal(1, 1); t.assert.ok(true); t.diagnostic('said') })
  it('bad plan', (t) => { t.plan(1) })
  it.todo('someday')
})
test('late', (t, done) => setImmediate(done))`,
  'b.test.js': `const test = require('node:test'); test('prints', () => { console.log('printed') })`,
  'c.test.mjs': `not code`,
}

const machine = <Result>(ask: 'command' | 'report', value: string) =>
  page().evaluate(
    async ([entries, kind, text]) => {
      const sandbox = await window.createEmbeddedSandbox({ files: new Map(entries) })
      try {
        return kind === 'command'
          ? await window.runCommand(sandbox, text)
          : await sandbox.test(text === '' ? {} : { filter: text })
      } finally {
        await sandbox.dispose()
      }
    },
    [Object.entries(files), ask, value] as const,
  ) as Promise<Result>

/** Without times and stacks: the library's own frames are not in them here, and modules are named by their paths. */
const settled = (text: string) =>
  text
    .split('\n')
    .map((line) => line.replace(/(duration_ms:?|time=|\() ?[\d.]+/g, '$1'))
    .filter((line) => !/:\d+:\d+\)?( \{)?$|Promise\.all|^\s*\.*$/.test(line))

for (const args of [
  ['--test', '--import=./setup.mjs', 'a.test.mjs', 'b.test.js'],
  ['--test', '--test-reporter=spec', 'a.test.mjs', 'b.test.js'],
  ['--test', '--test-reporter', './only-names.mjs', '--test-name-pattern=/sub|plan/', 'a.test.mjs'],
  ['--test', '--experimental-test-isolation=none', '--test-reporter=dot', 'a.test.mjs', 'b.test.js'],
  ['--test', 'none.test.js'],
]) {
  test(`node ${args.join(' ')} prints what Node prints`, async () => {
    const { exitCode, stdout } = await machine<{ exitCode: number; stdout: string }>(
      'command',
      `NODE_NO_WARNINGS=1 node ${args.map((word) => `'${word}'`).join(' ')}`,
    )
    const native = runInNode(files, args)
    expect(settled(stdout)).toEqual(settled(native.stdout))
    expect(exitCode).toBe(native.exitCode)
  })
}

interface Report {
  suites: { file: string; error?: string; tests: { name: string; status: string; error?: string }[] }[]
}

test('the structured report has every test under the titles above it, and what kept a file from running', async () => {
  const { suites } = await machine<Report>('report', '')
  expect(suites.map(({ file, tests }) => [file, ...tests.map(({ name, status }) => `${name}: ${status}`)])).toEqual([
    [
      'a.test.mjs',
      'top: passed',
      'top > sub: passed',
      'top > sub 2: skipped',
      'group > fails: failed',
      'group > timers: passed',
      'group > plan: passed',
      'group > bad plan: failed',
      'group > someday: todo',
      'late: passed',
    ],
    ['b.test.js', 'prints: passed'],
    ['c.test.mjs'],
  ])
  expect(suites[0]?.tests[3]?.error).toMatch(/^AssertionError: Expected values to be strictly equal:\n\n1 !== 2\n/)
  expect(suites[0]?.tests[3]?.error).toContain('at a.test.mjs:9:30')
  expect(suites[2]?.error).toContain("SyntaxError: Unexpected identifier 'code'")
})

test('the structured report leaves out what its filter does not name', async () => {
  const { suites } = await machine<Report>('report', 'group > plan')
  expect(suites.flatMap(({ tests }) => tests.map(({ name }) => name))).toEqual(['group > plan'])
})
