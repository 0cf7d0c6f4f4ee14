import { expect, test } from 'playwright/test'
import { programRunner } from '../harness/harness'

const run = programRunner()

const suite = {
  'package.json': '{ "type": "module", "devDependencies": { "vitest": "*" } }',
  'src/math.ts': `export const add = (a: number, b: number): number => a + b\nexport const sub = (a: number, b: number) => a + b`,
  'src/math.test.ts': `import { describe, expect, it } from 'vitest'\nimport { add, sub } from './math'\n\ndescribe('math', () => {\n  it('adds', () => {\n    expect(add(1, 2)).toBe(3)\n  })\n  it('subtracts', () => {\n    expect(sub(3, 2)).toBe(1)\n  })\n  it.skip('later', () => {})\n  it.todo('divides')\n})`,
  'src/other.test.ts': `import { test } from 'vitest'\ntest('fine', () => {})`,
}

const report = async (files: Record<string, string>, options: { files?: string[]; filter?: string } = {}) =>
  (await run({ files, argv: ['vitest'], test: options })).report

test('the report is exact: names, states, message, diff, place and line', async () => {
  const result = await report(suite)
  expect(result).toMatchObject({ passed: 2, failed: 1, skipped: 2 })
  expect(result?.suites.map(({ file }) => file)).toEqual(['src/math.test.ts', 'src/other.test.ts'])
  const tests = result?.suites[0]?.tests.map(({ durationMs, ...rest }) => ({ ...rest, timed: durationMs >= 0 }))
  expect(tests).toEqual([
    { name: 'math > adds', status: 'passed', timed: true },
    {
      name: 'math > subtracts',
      status: 'failed',
      timed: true,
      location: { file: 'src/math.test.ts', line: 9, column: 23 },
      error: [
        'AssertionError: expected 5 to be 1 // Object.is equality',
        '- Expected\n+ Received\n\n- 1\n+ 5',
        "at src/math.test.ts:9:23\n     7|   })\n     8|   it('subtracts', () => {\n     9|     expect(sub(3, 2)).toBe(1)\n      |                       ^\n    10|   })\n    11|   it.skip('later', () => {})",
      ].join('\n\n'),
    },
    { name: 'math > later', status: 'skipped', timed: true },
    { name: 'math > divides', status: 'todo', timed: true },
  ])
})

test('files and a filter choose what runs', async () => {
  expect((await report(suite, { files: ['src/other.test.ts'] }))?.suites.map(({ file }) => file)).toEqual([
    'src/other.test.ts',
  ])
  const filtered = await report(suite, { filter: 'math > adds' })
  expect(filtered).toMatchObject({ passed: 1, failed: 0 })
})

test('a file that does not load fails the run and says why', async () => {
  const result = await report({ ...suite, 'src/bad.test.ts': `import { gone } from './math'\ngone()` })
  expect(result?.failed).toBe(2)
  const bad = result?.suites.find(({ file }) => file === 'src/bad.test.ts')
  expect(bad?.error).toContain(
    "TypeError: gone is not a function\n(The module './math' does not provide an export named 'gone'",
  )
  expect(bad?.error).toContain('at src/bad.test.ts:2:1')
})

test('a config that cannot run fails the run and says why', async () => {
  const result = await report({ ...suite, 'vitest.config.ts': `throw new Error('no config today')` })
  expect(result).toMatchObject({ passed: 0, failed: 1 })
  expect(result?.suites[0]?.error).toContain('Error: no config today')
})

test('a rejection nobody handles fails the run', async () => {
  const result = await report({
    'a.test.ts': `import { test } from 'vitest'\ntest('starts', () => { Promise.reject(new Error('lost')) })`,
  })
  expect(result?.failed).toBe(1)
  expect(result?.suites[0]?.error).toContain('lost')
})

test('each file has modules, globals and environment of its own', async () => {
  const body = `import { expect, test } from 'vitest'\nimport { counter } from './counter'\ntest('is first', () => {\n  expect(counter.n++).toBe(0)\n  expect(globalThis.leak).toBe(undefined)\n  expect(process.env.LEAK).toBe(undefined)\n  globalThis.leak = 1\n  process.env.LEAK = '1'\n})`
  const result = await report({ 'counter.ts': 'export const counter = { n: 0 }', 'a.test.ts': body, 'b.test.ts': body })
  expect(result).toMatchObject({ passed: 2, failed: 0 })
})

test('a file that follows one with AsyncLocalStorage may await, too', async () => {
  const body = `import { expect, test } from 'vitest'\ntest('awaits', async () => expect(await Promise.resolve(1)).toBe(1))`
  const result = await report({ 'a.test.ts': `import 'node:async_hooks'\n${body}`, 'b.test.ts': body })
  expect(result).toMatchObject({ passed: 2, failed: 0 })
})

test.describe('vitest', () => {
  test('prints files, failures and a summary, and exits with 1 on failure', async () => {
    const { stdout, exitCode } = await run({ files: suite, argv: ['vitest', 'run'] })
    expect(exitCode).toBe(1)
    expect(stdout).toContain(' ❯ src/math.test.ts (4 tests | 1 failed | 2 skipped)')
    expect(stdout).toContain('     × math > subtracts')
    expect(stdout).toContain(' ✓ src/other.test.ts (1 test)')
    expect(stdout).toContain(
      ' FAIL  src/math.test.ts > math > subtracts\nAssertionError: expected 5 to be 1 // Object.is equality\n\n- Expected\n+ Received\n\n- 1\n+ 5\n\n ❯ src/math.test.ts:9:23\n',
    )
    expect(stdout).toContain(
      ' Test Files  1 failed | 1 passed (2)\n      Tests  1 failed | 2 passed | 1 skipped | 1 todo (5)\n',
    )
    expect(stdout).not.toMatch(/blob:|vitrine:|node_modules/)
  })

  test('modules import styles, assets, texts and globs, and have the environment, as under Vite', async () => {
    const files = {
      '.env.test': 'VITE_KEY=of the tests\nSECRET=1',
      'src/app.css': '.title { color: red }',
      'src/app.module.scss': '.title { $a: 1 }',
      'src/icon.svg': '<svg fill="#fff"/>',
      'src/photo.png': 'PNG',
      'public/logo.png': 'PNG',
      'src/pages/one.ts': `export default 'one'`,
      'node_modules/styled/package.json': '{ "name": "styled", "main": "style.css" }',
      'node_modules/styled/style.css': 'a { color: red }',
      'src/all.ts': `import './app.css'\nimport 'styled'\nexport { default as styles } from './app.module.scss'\nexport { default as photo } from './photo.png'\nexport { default as logo } from '/logo.png'\nexport { default as page } from './pages/one.ts?raw'\nexport const later = import.meta.glob('./pages/*.ts')\nexport const now = import.meta.glob('./pages/*.ts', { eager: true, import: 'default' })`,
      'src/all.test.ts': `import { expect, test, vi } from 'vitest'\nimport icon from './icon.svg'\nimport { later, logo, now, page, photo, styles } from './all'\nvi.mock('./photo.png', () => ({ default: 'mocked' }))\ntest('all', async () => {\n  expect([icon, photo, logo, page]).toEqual(["data:image/svg+xml,%3csvg%20fill='%23fff'/%3e", 'mocked', '/logo.png', "export default 'one'"])\n  expect(styles.title).toMatch(/^_title_[0-9a-f]{6}$/)\n  expect([now, (await later['./pages/one.ts']()).default]).toEqual([{ './pages/one.ts': 'one' }, 'one'])\n  const { MODE, DEV, PROD, SSR, BASE_URL, VITE_KEY, SECRET } = import.meta.env\n  expect([MODE, DEV, PROD, SSR, BASE_URL, VITE_KEY, SECRET]).toEqual(['test', true, false, true, '/', 'of the tests', undefined])\n})`,
    }
    const result = await report(files)
    expect(result?.suites.flatMap(({ tests, error }) => [error, ...tests.map((each) => each.error)])).toEqual([
      undefined,
      undefined,
    ])
    expect(result?.passed).toBe(1)
  })

  test('exits with 0 when all pass, with 1 when there are no tests', async () => {
    expect((await run({ files: suite, argv: ['vitest', 'run', 'other'] })).exitCode).toBe(0)
    expect((await run({ files: suite, argv: ['vitest', 'run', '-t', 'adds'] })).exitCode).toBe(0)
    const none = await run({ files: {}, argv: ['vitest', 'run'] })
    expect(none.exitCode).toBe(1)
    expect(none.stderr).toContain('No test files found, exiting with code 1')
  })

  test('colours its output in a terminal', async () => {
    const { stdout } = await run({ files: suite, argv: ['vitest', 'run'], terminal: { columns: 80, rows: 24 } })
    expect(stdout).toContain('\u001b[32m✓\u001b[39m')
  })

  test('reports as JSON', async () => {
    const { stdout } = await run({ files: suite, argv: ['vitest', 'run', '--reporter=json'] })
    expect(JSON.parse(stdout)).toMatchObject({ numTotalTests: 5, numPassedTests: 2, numFailedTests: 1, success: false })
  })

  test('follows its config: globals, include, setup files, aliases, conditions, timeouts', async () => {
    const files = {
      'vitest.config.ts': `import { defineConfig } from 'vitest/config'\nimport { fileURLToPath } from 'node:url'\nexport default defineConfig({ resolve: { alias: { '~': fileURLToPath(new URL('./lib', import.meta.url)) }, conditions: ['own-source'] }, test: { globals: true, include: ['checks/*.ts'], setupFiles: __dirname + '/setup.ts', testTimeout: 20 } })`,
      'setup.ts': `beforeEach(() => { globalThis.ready = true })`,
      'package.json': `{ "name": "own", "exports": { "./y": { "own-source": "./lib/y.ts", "import": "./built/y.js" } } }`,
      'lib/x.ts': `export const x = 1`,
      'lib/y.ts': `export const y = 2`,
      'checks/a.ts': `import { x } from '~/x'\nimport { y } from 'own/y'\ntest('uses them', () => { expect([x, y, globalThis.ready]).toEqual([1, 2, true]) })\ntest('is slow', () => new Promise((resolve) => setTimeout(resolve, 500)))`,
    }
    const { stdout } = await run({ files, argv: ['vitest', 'run'] })
    expect(stdout).toContain('Tests  1 failed | 1 passed (2)')
    expect(stdout).toContain('Error: Test timed out in 20ms.')
  })

  const features: Record<string, string> = {
    'each, skipIf, runIf, retry, concurrent and fails': `test.each([[1, 2], [2, 4]])('%i twice is %i', (a, b) => expect(a * 2).toBe(b))\ntest.for([1, 2])('for %i', (n) => expect(n).toBeGreaterThan(0))\ntest.skipIf(true)('no', () => { throw 1 })\ntest.runIf(true)('yes', () => {})\nlet tries = 0\ntest('retries', { retry: 2 }, () => expect(++tries).toBe(3))\ntest.concurrent('c', async ({ expect }) => expect(1).toBe(1))\ntest.fails('f', () => expect(1).toBe(2))`,
    'hooks in order': `const log: string[] = []\nbeforeAll(() => void log.push('beforeAll'))\nbeforeEach(() => { log.push('beforeEach'); return () => void log.push('cleanup') })\nafterEach(() => void log.push('afterEach'))\ndescribe('in', () => { test('one', () => void log.push('one')) })\ntest('two', () => expect(log).toEqual(['beforeAll', 'beforeEach', 'one', 'afterEach', 'cleanup', 'beforeEach']))`,
    'asymmetric, custom, soft, polled and counted expectations': `expect.extend({ toBeEven(n: number) { return { pass: n % 2 === 0, message: () => n + ' is odd' } } })\ntest('asym', () => { expect({ a: 1, b: 'xyz', c: [1, 2] }).toEqual({ a: expect.any(Number), b: expect.stringContaining('y'), c: expect.arrayContaining([2]) }); expect(4).toBeEven(); expect(3).not.toBeEven() })\ntest('counted', () => { expect.assertions(1); expect(1).toBe(1) })\ntest('async', async () => { await expect(Promise.resolve(1)).resolves.toBe(1); await expect(Promise.reject(new Error('no'))).rejects.toThrow('no') })\nlet n = 0\ntest('poll', async () => { await expect.poll(() => ++n, { interval: 1 }).toBe(3) })\ntest.fails('soft', () => { expect.soft(1).toBe(2) })\ntest.fails('wrong count', () => { expect.assertions(2); expect(1).toBe(1) })`,
    'mocks and spies': `const f = vi.fn((x: number) => x + 1)\ntest('fn', () => { expect(f(1)).toBe(2); expect(f).toHaveBeenCalledWith(1); expect(f.mock.results[0].value).toBe(2); f.mockReturnValueOnce(9); expect(f(0)).toBe(9); vi.clearAllMocks(); expect(f).not.toHaveBeenCalled() })\ntest('spyOn', () => { const o = { m: () => 'real' }; const s = vi.spyOn(o, 'm').mockReturnValue('fake'); expect(o.m()).toBe('fake'); s.mockRestore(); expect(o.m()).toBe('real'); expect(vi.isMockFunction(f)).toBe(true) })\ntest('stubs', () => { vi.stubGlobal('answer', 42); vi.stubEnv('PLACE', 'x'); expect([globalThis.answer, process.env.PLACE]).toEqual([42, 'x']); vi.unstubAllGlobals(); vi.unstubAllEnvs(); expect([globalThis.answer, process.env.PLACE]).toEqual([undefined, undefined]) })`,
    'fake timers': `afterEach(() => vi.useRealTimers())\ntest('moves the clock', () => { vi.useFakeTimers({ now: 1000 }); const log: unknown[] = []; setTimeout(() => log.push(['t', Date.now()]), 50); const i = setInterval(() => log.push('i'), 20); vi.advanceTimersByTime(60); clearInterval(i); expect(log).toEqual(['i', 'i', ['t', 1050], 'i']); expect(vi.getTimerCount()).toBe(0) })\ntest('sets the date', () => { vi.useFakeTimers(); vi.setSystemTime(new Date('2020-01-02')); expect(new Date().toISOString()).toBe('2020-01-02T00:00:00.000Z'); expect(new Date()).toBeInstanceOf(Date) })\ntest('async', async () => { vi.useFakeTimers(); let done = false; (async () => { await new Promise((r) => setTimeout(r, 100)); await new Promise((r) => setTimeout(r, 100)); done = true })(); await vi.advanceTimersByTimeAsync(200); expect(done).toBe(true) })\ntest('runs all', () => { vi.useFakeTimers(); let n = 0; const again = () => { if (++n < 5) setTimeout(again, 1000) }; again(); vi.runAllTimers(); expect(n).toBe(5) })`,
    'waiting, fixtures and context': `const it2 = test.extend<{ five: number }>({ five: async ({}, use) => { await use(5) } })\nit2('has fixtures', ({ five }) => expect(five).toBe(5))\ntest('waits', async () => { let n = 0; expect(await vi.waitFor(() => { if (++n < 3) throw new Error('not yet'); return n }, { interval: 1 })).toBe(3) })\ntest('skips itself', ({ skip }) => { skip(); throw 1 })\ntest('knows its name', ({ task }) => expect(task.name).toBe('knows its name'))`,
  }
  for (const [claim, body] of Object.entries(features)) {
    test(`has ${claim}`, async () => {
      const head = `import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'\n`
      const result = await report({ 'a.test.ts': head + body })
      const failed = result?.suites
        .flatMap(({ tests, error }) => [error, ...tests.map((entry) => entry.error)])
        .filter(Boolean)
      expect(failed).toEqual([])
      expect(result?.passed).toBeGreaterThan(0)
    })
  }
})

test.describe('jest', () => {
  const files = {
    'package.json': '{ "scripts": { "test": "jest" } }',
    'sum.js': `module.exports = (a, b) => a + b`,
    'sum.test.js': `const sum = require('./sum')\ndescribe('sum', () => {\n  test('adds', () => expect(sum(1, 2)).toBe(3))\n  test('calls back', (done) => { setTimeout(() => { expect(1).toBe(1); done() }, 1) })\n  xtest('skipped', () => {})\n  it('mocks', () => { const f = jest.fn().mockReturnValue(5); expect(f()).toBe(5); expect(f).toHaveBeenCalledTimes(1) })\n})`,
    '__tests__/esm.mjs': `import { expect, jest, test } from '@jest/globals'\ntest('esm', () => { jest.useFakeTimers(); const f = jest.fn(); setTimeout(f, 10); jest.advanceTimersByTime(10); expect(f).toHaveBeenCalled() })`,
  }
  test('runs CommonJS with globals and modules with imports', async () => {
    const { stdout, exitCode } = await run({ files, argv: ['jest'] })
    expect(exitCode).toBe(0)
    expect(stdout).toContain('PASS sum.test.js\n  sum\n    ✓ adds')
    expect(stdout).toContain('Test Suites: 2 passed, 2 total\nTests:       1 skipped, 4 passed, 5 total')
  })
  test('is found out from package.json', async () => {
    expect(await report(files)).toMatchObject({ passed: 4, failed: 0, skipped: 1 })
  })
  test('time limits end what waits, not what computes', async () => {
    const body = `const busy = (ms) => { const until = Date.now() + ms; while (Date.now() < until); }
test('computes', () => busy(60), 20)
test('computes, then waits a little', async () => { busy(60); await null }, 20)
test('waits', () => new Promise(() => {}), 20)
test('calls nobody back', (done) => {}, 20)
describe('set for the file', () => { beforeAll(() => jest.setTimeout(30)); test('waits', () => new Promise(() => {})); afterAll(() => jest.setTimeout(5000)) })
test.each([1])('in a table %i', () => new Promise(() => {}), 40)`
    const { suites } =
      (await report({ 'package.json': '{ "devDependencies": { "jest": "*" } }', 'a.test.js': body })) ?? {}
    expect(
      suites?.[0]?.tests.map(({ name, status, error = '' }) => [name, status, /timeout of \d+ ms/.exec(error)?.[0]]),
    ).toEqual([
      ['computes', 'passed', undefined],
      ['computes, then waits a little', 'passed', undefined],
      ['waits', 'failed', 'timeout of 20 ms'],
      ['calls nobody back', 'failed', 'timeout of 20 ms'],
      ['set for the file > waits', 'failed', 'timeout of 30 ms'],
      ['in a table 1', 'failed', 'timeout of 40 ms'],
    ])
    expect(suites?.[0]?.tests[2]?.location).toMatchObject({ file: 'a.test.js', line: 4 })
  })

  test('points at the failing line', async () => {
    const { stdout, exitCode } = await run({
      files: { 'a.test.js': `test('x', () => {\n  expect([1]).toEqual([2])\n})` },
      argv: ['jest'],
    })
    expect(exitCode).toBe(1)
    expect(stdout).toContain('● x')
    expect(stdout).toContain('at a.test.js:2:15')
  })
})

test('files of node:test run on the engine, too: hooks with the context of their test, subtests, plans, mocks', async () => {
  const result = await report({
    'package.json': '{ "type": "module" }',
    'a.test.js': `import test, { beforeEach, describe, it } from 'node:test'\nimport assert from 'node:assert'\nbeforeEach((t) => { t.mock.method(console, 'info', () => {}) })\ntest('top', async (t) => {\n  await t.test('sub', () => console.info('unseen'))\n  assert.equal(console.info.mock.callCount(), 1)\n})\ndescribe('group', () => {\n  it('plans', (t) => { t.plan(1); t.assert.ok(true) })\n  it('plans badly', (t) => { t.plan(1) })\n  it('is restored', () => { assert.equal(console.info.mock.callCount(), 0) })\n})`,
  })
  expect(result?.suites[0]?.tests.map(({ name, status }) => `${name}: ${status}`)).toEqual([
    'top: passed',
    'top > sub: passed',
    'group > plans: passed',
    'group > plans badly: failed',
    'group > is restored: passed',
  ])
})
