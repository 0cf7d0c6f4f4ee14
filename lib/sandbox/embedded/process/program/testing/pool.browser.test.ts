import { expect, test } from 'playwright/test'
import { sandboxPage } from '../../../../testing/sandbox-page'

const page = sandboxPage()

/** Runs a command in a machine of its own with these files; answers also some of the files there are then. */
const run = (command: string, files: Record<string, string>, asked: string[] = []) =>
  page().evaluate(
    async ([line, entries, paths]) => {
      const machine = await window.createEmbeddedSandbox({ files: new Map(entries) })
      try {
        const { exitCode, stdout, stderr } = await window.runCommand(machine, line)
        const after = await machine.snapshot()
        const texts = paths.map((path) => {
          const data = after.get(path)
          return typeof data === 'string' ? data : data && new TextDecoder().decode(data)
        })
        return { exitCode, stdout, stderr, texts }
      } finally {
        await machine.dispose()
      }
    },
    [command, Object.entries(files), asked] as const,
  )

const report = (files: Record<string, string>, coverage = false) =>
  page().evaluate(
    async ([entries, measured]) => {
      const machine = await window.createEmbeddedSandbox({ files: new Map(entries) })
      try {
        return await machine.test({ coverage: measured })
      } finally {
        await machine.dispose()
      }
    },
    [Object.entries(files), coverage] as const,
  )

const number = (n: number) => String(n).padStart(2, '0')
const many = (body: (n: number) => string, count = 30): Record<string, string> => ({
  'package.json': '{ "type": "module", "devDependencies": { "vitest": "*" } }',
  ...Object.fromEntries(
    Array.from({ length: count }, (_, n) => [
      `test/${number(n)}.test.ts`,
      `import { expect, it, inject } from 'vitest'\n${body(n)}`,
    ]),
  ),
})

test('many files: each result and each line in the order of the files, however long one takes', async () => {
  const files = many(
    (n) =>
      `it('takes its time', async () => { await new Promise((done) => setTimeout(done, ${n % 7 === 0 ? 80 : 0})); console.log('line of ${number(n)}'); expect(${n}).not.toBe(13) })`,
  )
  const { stdout, exitCode } = await run('npx vitest run --maxWorkers=3', files)
  expect([...stdout.matchAll(/^line of (\d\d)/gm)].map(([, n]) => Number(n))).toEqual(
    Array.from({ length: 30 }, (_, n) => n),
  )
  expect([...stdout.matchAll(/^ [✓❯] test\/(\d\d)\.test\.ts \(/gm)].map(([, n]) => Number(n))).toEqual(
    Array.from({ length: 30 }, (_, n) => n),
  )
  expect(stdout).toContain('Tests  1 failed | 29 passed (30)')
  expect(exitCode).toBe(1)
})

test('few files that take long are shared, too', async () => {
  const files = many(
    () =>
      `it('waits', () => new Promise((done) => setTimeout(done, 450)))\nit('says who', () => console.log('worker', process.env.VITEST_POOL_ID))`,
    5,
  )
  const { stdout } = await run('npx vitest run --maxWorkers=2', files)
  expect(stdout).toContain('Tests  10 passed (10)')
  expect(new Set(stdout.match(/^worker \d/gm))).toEqual(new Set(['worker 1', 'worker 2']))
})

test('a run is one run: global setup once, its values and variables everywhere, snapshots written and counted', async () => {
  const files = {
    ...many(
      (n) =>
        `it('a', () => { expect(process.env.SET_UP).toBe('yes'); expect(inject('place')).toBe('here'); expect(process.env.VITEST_POOL_ID).toMatch(/^[12]$/); expect({ n: ${n} }).toMatchSnapshot() })`,
    ),
    'vitest.config.ts': `export default { test: { globalSetup: './setup.ts', maxWorkers: 2 } }`,
    'setup.ts': `import { appendFileSync } from 'node:fs'\nexport default ({ provide }) => { process.env.SET_UP = 'yes'; provide('place', 'here'); appendFileSync('ups.txt', 'up'); return () => appendFileSync('ups.txt', 'down') }`,
  }
  const { stdout, exitCode, texts } = await run('npx vitest run', files, [
    'ups.txt',
    'test/__snapshots__/29.test.ts.snap',
  ])
  expect(stdout).toContain('Snapshots  30 written')
  expect(exitCode).toBe(0)
  expect(texts[0]).toBe('updown')
  expect(texts[1]).toContain('"n": 29')
})

test('bail ends the run at the same file as one Worker would', async () => {
  const files = many((n) => `it('a', () => expect(${n} % 10).not.toBe(4))`)
  const { stdout } = await run('npx vitest run --bail 2 --maxWorkers=4', files)
  expect(stdout).toContain('Tests  2 failed | 13 passed (15)')
})

test('what the Workers count is one coverage', async () => {
  const files = {
    ...many((n) => `import { pick } from '../pick'\nit('a', () => expect(pick(${n})).toBeTruthy())`, 26),
    'pick.ts': `export function pick(n: number) {\n  if (n === 25) return 'last'\n  if (n === 99) {\n    return 'never'\n  }\n  return 'other'\n}\n`,
  }
  const { coverage, passed, suites } = await report(files, true)
  expect({ passed, error: suites[0]?.error }).toEqual({ passed: 26, error: undefined })
  expect(coverage?.files).toEqual([
    expect.objectContaining({ file: 'pick.ts', covered: [2, 3, 6], uncovered: [4], partial: [3] }),
  ])
})

test('a test that never ends costs its file, not the run', async () => {
  test.setTimeout(90_000)
  const files = {
    ...many((n) => `it('first', () => {})\nit('second', () => { while (${n} === 3); })`, 25),
    'vitest.config.ts': `export default { test: { testTimeout: 50 } }`,
  }
  const { suites, passed, failed } = await report(files)
  expect({ passed, failed }).toEqual({ passed: 48, failed: 1 })
  expect(suites[3]).toMatchObject({ file: 'test/03.test.ts', tests: [{ name: 'second', status: 'failed' }] })
  expect(suites[3]?.tests[0]?.error).toMatch(/^It has kept its thread busy for \d+ s without a pause/)
})

test('a Worker that dies costs its file, not the run', async () => {
  const files = many((n) => `it('a', () => { if (${n} === 5) process.abort() })`)
  const { suites, passed } = await report(files)
  expect(passed).toBe(29)
  expect(suites[5]?.tests[0]?.error).toMatch(/^The process that ran this file ended with code \d+ before/)
})

test('a config with functions runs all the same', async () => {
  const files = {
    ...many(() => `it('a', () => expect(1).toMatchSnapshot())`),
    'vitest.config.ts': `export default { test: { resolveSnapshotPath: (path, extension) => path + extension } }`,
  }
  const { stdout, texts } = await run('npx vitest run', files, ['test/00.test.ts.snap'])
  expect(stdout).toContain('Tests  30 passed (30)')
  expect(texts[0]).toContain('exports[`a 1`] = `1`')
})

test('Jest shares files, too', async () => {
  const jest = {
    'package.json': '{ "devDependencies": { "jest": "*" } }',
    ...Object.fromEntries(
      Array.from({ length: 26 }, (_, n) => [
        `${number(n)}.test.js`,
        `test('a', () => expect(Number(process.env.JEST_WORKER_ID)).toBeGreaterThan(0))`,
      ]),
    ),
  }
  expect((await run('npx jest -w 2', jest)).stdout).toContain('Tests:       26 passed, 26 total')
})
