import { expect, test } from 'playwright/test'
import { programRunner } from '../harness/harness'

const run = programRunner()

const files = {
  'package.json': '{ "type": "module", "devDependencies": { "vitest": "*" } }',
  'src/math.ts': `export const add = (a: number, b: number): number => a + b`,
  'src/math.test.ts': `import { describe, expect, it } from 'vitest'\nimport { add } from './math'\ndescribe('math', () => {\n  it('adds', () => expect(add(1, 2)).toBe(3))\n  it('fails', () => expect(add(1, 2)).toBe(4))\n})`,
  'src/other.test.ts': `import { test } from 'vitest'\ntest('fine', () => {})`,
}
const vitest = (...words: string[]) => run({ files, argv: ['vitest', 'run', ...words] })

test('reporters: verbose, dot, tap, tap-flat and junit', async () => {
  expect((await vitest('--reporter=verbose')).stdout).toMatch(/ × src\/math\.test\.ts > math > fails \d+ms/)
  expect((await vitest('--reporter=dot')).stdout).toContain('·x·')
  const tap = (await vitest('--reporter=tap')).stdout
  expect(tap).toMatch(
    /^TAP version 13\n1\.\.2\nnot ok 1 - src\/math\.test\.ts # time=[\d.]+ms \{\n {4}1\.\.1\n {4}not ok 1 - math \{/,
  )
  expect((await vitest('--reporter=tap-flat')).stdout).toContain('not ok 2 - src/math.test.ts > math > fails')
  const { files: written } = await vitest('--reporter=junit', '--outputFile=out/report.xml')
  expect(written['out/report.xml']).toContain('<testsuites name="vitest tests" tests="3" failures="1"')
  expect(written['out/report.xml']).toContain('<testcase classname="src/math.test.ts" name="math &gt; fails"')
})

test('several reporters write where they are told', async () => {
  const { stdout, files: written } = await vitest('--reporter=default', '--reporter=json', '--outputFile.json=out.json')
  expect(stdout).toContain('Test Files  1 failed | 1 passed (2)')
  expect(JSON.parse(written['out.json'] ?? '')).toMatchObject({ numFailedTests: 1 })
})

test('options that nobody has are refused, and reporters named', async () => {
  expect(await vitest('--nonsense')).toMatchObject({ exitCode: 1, stderr: 'Unknown option `--nonsense`\n' })
  expect((await vitest('--reporter=html')).stderr).toContain('There is no reporter "html"')
})

test('filters, name patterns, related files, lists and shards', async () => {
  expect((await vitest('other')).stdout).toContain('Test Files  1 passed (1)')
  expect((await vitest('-t', 'adds')).stdout).toContain('Tests  1 passed | 2 skipped (3)')
  const related = await run({ files, argv: ['vitest', 'related', '--run', 'src/math.ts'] })
  expect(related.stdout).not.toContain('other.test.ts')
  const list = await run({ files, argv: ['vitest', 'list'] })
  expect(list.stdout).toBe('/home/project/src/math.test.ts\n/home/project/src/other.test.ts\n')
  expect((await vitest('--shard=2/2')).stdout).toContain('src/other.test.ts')
})

test('a config may name what drives a browser, for the projects that need none', async () => {
  const { exitCode, stdout } = await run({
    files: {
      'vitest.config.js': `import { playwright } from '@vitest/browser-playwright'\nexport default { test: { projects: [{ test: { name: 'node', include: ['*.test.js'] } }, { test: { name: 'browser', browser: { enabled: true, provider: playwright() } } }] } }`,
      'node_modules/@vitest/browser-playwright/package.json': '{ "type": "module", "exports": "./index.js" }',
      'node_modules/@vitest/browser-playwright/index.js': `import { createFilter } from 'vite'\nexport const playwright = createFilter`,
      'a.test.js': `import { test } from 'vitest'\ntest('a', () => {})`,
    },
    argv: ['vitest', 'run', '--project', 'node'],
  })
  expect(stdout).toContain('Tests  1 passed (1)')
  expect(exitCode).toBe(0)
})

test('the projects of a workspace run with their own settings', async () => {
  const workspace = {
    'vitest.config.ts': `import { defineConfig } from 'vitest/config'\nexport default defineConfig({ test: { projects: [{ test: { name: 'unit', include: ['unit/*.test.ts'], env: { KIND: 'unit' } } }, { test: { name: 'other', include: ['other/*.test.ts'], globals: true } }, 'packages/*'] } })`,
    'packages/own/vitest.config.ts': `export default { test: { name: 'own' } }`,
    'packages/own/c.test.ts': `import { test } from 'vitest'\ntest('c', () => {})`,
    'unit/a.test.ts': `import { expect, test } from 'vitest'\ntest('a', () => expect(process.env.KIND).toBe('unit'))`,
    'other/b.test.ts': `test('b', () => expect(process.env.KIND).toBe(undefined))`,
  }
  expect((await run({ files: workspace, argv: ['vitest', 'run'] })).stdout).toContain('Tests  3 passed (3)')
  expect((await run({ files: workspace, argv: ['vitest', 'run', '--project', 'unit'] })).stdout).toContain(
    'Tests  1 passed (1)',
  )
  const { stdout } = await run({ files: workspace, argv: ['vitest', 'run', 'packages/own', '--reporter=json'] })
  const { testResults } = JSON.parse(stdout) as { testResults: { name: string }[] }
  expect(testResults.map(({ name }) => name)).toEqual(['/home/project/packages/own/c.test.ts'])
})

test('what a config asks for in vain is said', async () => {
  const config = {
    ...files,
    'vitest.config.ts': `export default { test: { typecheck: { enabled: true }, strange: 1 } }`,
  }
  const { stderr } = await run({ files: config, argv: ['vitest', 'run'] })
  expect(stderr).toContain('Type tests (test.typecheck) do not run here')
  expect(stderr).toContain('The option "test.strange" has no effect in this sandbox.')
})

test('global setup runs once around all files and provides values', async () => {
  const project = {
    'vitest.config.ts': `export default { test: { globalSetup: './global.ts', setupFiles: ['./setup.ts'] } }`,
    'global.ts': `export default ({ provide }) => { provide('port', 42); return () => console.log('taken down') }`,
    'setup.ts': `globalThis.fromSetup = true`,
    'a.test.ts': `import { expect, inject, test } from 'vitest'\ntest('a', () => expect([inject('port'), globalThis.fromSetup]).toEqual([42, true]))`,
  }
  const { stdout, exitCode } = await run({ files: project, argv: ['vitest', 'run'] })
  expect(exitCode).toBe(0)
  expect(stdout).toContain('taken down')
})

test('tests may stand beside the code', async () => {
  const project = {
    'vitest.config.ts': `export default { test: { includeSource: ['src/*.ts'], include: [] } }`,
    'src/twice.ts': `export const twice = (n: number) => n * 2\nif (import.meta.vitest) {\n  const { expect, test } = import.meta.vitest\n  test('twice', () => expect(twice(2)).toBe(4))\n}`,
  }
  expect((await run({ files: project, argv: ['vitest', 'run'] })).stdout).toContain('Tests  1 passed (1)')
})

test('an environment that is not installed is named with its remedy', async () => {
  const project = {
    'a.test.ts': `// @vitest-environment happy-dom\nimport { test } from 'vitest'\ntest('a', () => {})`,
  }
  const { stdout, exitCode } = await run({ files: project, argv: ['vitest', 'run'] })
  expect(exitCode).toBe(1)
  expect(stdout).toContain('The environment "happy-dom" needs the package of that name: npm install -D happy-dom')
})

test('Jest reads its config: patterns, setup, mapping, timers', async () => {
  const project = {
    'jest.config.js': `module.exports = { testRegex: 'checks/.*\\\\.js$', setupFilesAfterEnv: ['<rootDir>/setup.js'], moduleNameMapper: { '^@/(.*)$': '<rootDir>/lib/$1', '\\\\.css$': '<rootDir>/style.js' }, transform: { '^.+$': 'babel-jest' }, fakeTimers: { enableGlobally: true }, restoreMocks: true }`,
    'setup.js': `expect.extend({ toBeOne: (n) => ({ pass: n === 1, message: () => n + ' is not one' }) })`,
    'lib/one.js': `module.exports = 1`,
    'style.js': `module.exports = {}`,
    'checks/a.js': `const one = require('@/one')\nrequire('./x.css')\ntest('a', () => { expect(one).toBeOne(); let done = false; setTimeout(() => { done = true }, 1e6); jest.runAllTimers(); expect(done).toBe(true) })`,
  }
  const { stdout, stderr, exitCode } = await run({ files: project, argv: ['jest'] })
  expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 })
  expect(stderr).toContain('"transform" is not used')
})

test('watch mode reruns what a key asks for and ends with q', async () => {
  const { stdout } = await run({ files, argv: ['vitest'], terminal: { columns: 80, rows: 24 }, stdin: 'faq' })
  expect(stdout).toContain('RERUN  failed tests')
  expect(stdout).toContain('RERUN  all tests')
  expect(stdout).toContain('Tests failed. Watching for file changes...')
})

test('what Vite’s define names is there, and the runner’s own arguments are not', async () => {
  const project = {
    'vitest.config.ts': `export default { define: { DEBUG: 'true', VERSION: JSON.stringify('1.2'), 'import.meta.env.KIND': '"meta"', 'process.env.PLACE': '"here"' } }`,
    'a.test.ts': `import { expect, test } from 'vitest'
test('a', () => expect([DEBUG, VERSION, import.meta.env.KIND, process.env.PLACE, process.argv.slice(2)]).toEqual([true, '1.2', 'meta', 'here', []]))`,
  }
  const { stdout } = await run({ files: project, argv: ['vitest', 'run', '--reporter=default'] })
  expect(stdout).toContain('Tests  1 passed (1)')
})
