import { expect, test } from 'playwright/test'
import { programRunner } from '../harness/harness'

const run = programRunner()

/** Errors of a run of one test file beside the modules below; none when all is well. */
async function errorsOf(files: Record<string, string>): Promise<string[]> {
  const { report } = await run({ files, argv: ['vitest'], test: {} })
  const errors =
    report?.suites.flatMap(({ tests, error }) => [error ?? [], tests.flatMap((entry) => entry.error ?? [])].flat()) ??
    []
  expect(report?.passed).toBeGreaterThan(0)
  return errors
}

const modules = {
  'api.ts': `export async function get(id: number) { return 'real' + id }\nexport const other = () => get(1)\nexport class Service { static made = 1; go() { return 'went' } }\nexport default { deep: { f: () => 1, n: 2, list: [1] } }`,
  'user.ts': `import * as api from './api'\nimport fallback from './api'\nexport const load = async (id: number) => (await api.get(id)) + '!'\nexport { fallback }`,
  'counter.ts': `export let n = 0\nexport const up = () => ++n`,
}

test.describe('vitest', () => {
  const cases: Record<string, string> = {
    'a factory replaces a module, also for those who import it': `vi.mock('./api', async (importOriginal) => ({ ...(await importOriginal<object>()), get: inner }))\nconst { inner } = vi.hoisted(() => ({ inner: vi.fn(() => 'hoisted') }))\nimport { load } from './user'\nimport { get } from './api'\ntest('t', async () => { expect(await load(1)).toBe('hoisted!'); expect(get).toHaveBeenCalledTimes(1); expect(await ((await vi.importActual<any>('./api')).get(2))).toBe('real2') })`,
    'a path may be an import, and without a factory all is mocked': `import * as api from './api'\nimport { fallback, load } from './user'\nvi.mock(import('./api'))\ntest('t', async () => { expect(vi.isMockFunction(api.get)).toBe(true); expect(await load(1)).toBe('undefined!'); expect(new api.Service().go()).toBe(undefined); expect(fallback.deep).toEqual({ f: expect.any(Function), n: 2, list: [] }) })`,
    'spies keep what the module does': `import { get } from './api'\nimport { load } from './user'\nvi.mock('./api', { spy: true })\ntest('t', async () => { expect(await load(1)).toBe('real1!'); expect(get).toHaveBeenCalledWith(1) })`,
    'a missing export of a mock says what to do': `import * as z from './api'\nvi.mock('./api', () => ({ a: 1 }))\ntest('t', () => { expect(z.a).toBe(1); expect(() => z.get).toThrow('[vitest] No "get" export is defined on the "./api" mock') })`,
    'files that do not exist can be mocked': `vi.mock('./nowhere', () => ({ default: 'virtual' }))\nimport it from './nowhere'\ntest('t', () => expect(it).toBe('virtual'))`,
    'doMock holds for later imports, doUnmock ends it': `test('t', async () => { vi.doMock('./api', () => ({ get: () => 'late' })); expect((await import('./api')).get(1)).toBe('late'); vi.doUnmock('./api'); vi.resetModules(); expect(await (await import('./api')).get(1)).toBe('real1') })`,
    'modules can be reset': `import * as first from './counter'\ntest('t', async () => { first.up(); vi.resetModules(); const second = await import('./counter'); expect([first.n, second.n]).toEqual([1, 0]) })`,
    'a namespace can be spied on': `import * as api from './api'\nimport { load } from './user'\ntest('t', async () => { const spy = vi.spyOn(api, 'get').mockResolvedValue('spied'); expect(await load(1)).toBe('spied!'); spy.mockRestore(); expect(await load(1)).toBe('real1!') })`,
    'importMock answers a mocked copy': `test('t', async () => { const api = await vi.importMock<any>('./api'); expect(vi.isMockFunction(api.other)).toBe(true); expect(await (await import('./api')).get(1)).toBe('real1') })`,
    'builtins can be mocked': `import { readFileSync } from 'node:fs'\nvi.mock('node:fs', () => ({ readFileSync: () => 'mocked' }))\ntest('t', () => expect(readFileSync('x')).toBe('mocked'))`,
    'calls without a semicolon before them stay apart': `import { up } from './counter'\nlet a = 1\nconst b = a\nup()\nif (b) up()\nconst f = () => up()\nf()\nup?.()\ntest('t', () => { expect(up()).toBe(5); const { n } = { n: up() }; expect(n).toBe(6) })`,
    'imports are shadowed by locals of the same name': `import { up as n } from './counter'\ntest('t', () => { const g = (n: number) => n + 1; { const n = 5; expect(g(n)).toBe(6) } expect({ n }.n).toBe(n); expect(typeof n).toBe('function') })`,
  }
  for (const [claim, body] of Object.entries(cases)) {
    test(claim, async () => {
      const head = `import { expect, test, vi } from 'vitest'\n`
      expect(await errorsOf({ ...modules, 'a.test.ts': head + body })).toEqual([])
    })
  }

  test('takes what lies in __mocks__', async () => {
    const files = {
      ...modules,
      '__mocks__/pkg.ts': `export default 'of the root'`,
      '__mocks__/api.ts': `export const get = async () => 'manual'`,
      'a.test.ts': `import { expect, test, vi } from 'vitest'\nimport pkg from 'pkg'\nimport { load } from './user'\nvi.mock('pkg')\nvi.mock('./api')\ntest('t', async () => { expect(pkg).toBe('of the root'); expect(await load(1)).toBe('manual!') })`,
      'node_modules/pkg/index.js': `module.exports = 'real'`,
    }
    expect(await errorsOf(files)).toEqual([])
  })

  test('points at the place in the source where mocks moved the code', async () => {
    const body = `import { expect, test, vi } from 'vitest'\nimport { up } from './counter'\nvi.mock('./api', () => ({\n  get: 1,\n}))\ntest('t', () => {\n  const x: number = up(); expect(x).toBe(up() as number)\n})`
    const { report } = await run({ files: { ...modules, 'a.test.ts': body }, argv: ['vitest'], test: {} })
    expect(report?.suites[0]?.tests[0]?.location).toEqual({ file: 'a.test.ts', line: 7, column: 37 })
  })
})

test.describe('jest', () => {
  const cases: Record<string, string> = {
    'mocks are hoisted and may use names that begin with mock': `import { load } from './user'\nconst mockGet = jest.fn()\njest.mock('./api', () => ({ ...jest.requireActual('./api'), get: (...a) => mockGet(...a) }))\ntest('t', async () => { mockGet.mockReturnValue('F'); expect(await load(1)).toBe('F!'); expect(require('./api').other).toBeInstanceOf(Function) })`,
    'modules are mocked automatically': `import { get, Service } from './api'\nimport { load } from './user'\njest.mock('./api')\ntest('t', async () => { jest.mocked(get).mockResolvedValue('fake'); expect(await load(3)).toBe('fake!'); expect(get).toHaveBeenCalledWith(3); expect(new Service().go()).toBeUndefined() })`,
    'virtual modules need to be called so': `jest.mock('nowhere', () => 42, { virtual: true })\ntest('t', () => { expect(require('nowhere')).toBe(42); expect(() => jest.doMock('also-nowhere', () => 1)).toThrow("Cannot find module 'also-nowhere'") })`,
    'exports can be spied on': `import * as api from './api'\nimport { load } from './user'\ntest('t', async () => { jest.spyOn(api, 'get').mockResolvedValue('spied'); expect(await load(1)).toBe('spied!'); jest.restoreAllMocks(); expect(await load(1)).toBe('real1!') })`,
    'modules can be isolated and reset': `test('t', () => { const a = require('./counter'); a.up(); let b; jest.isolateModules(() => { b = require('./counter') }); expect([a.n, b.n, require('./counter').n]).toEqual([1, 0, 1]); jest.resetModules(); expect(require('./counter').n).toBe(0) })`,
    'ES modules that export by CommonJS are what Babel makes of them': `import helpers, { two } from './helpers.js'\ntest('t', () => { expect([helpers.one, two, require('./helpers.js').one]).toEqual([1, 2, 1]); expect(() => { throw new Error('x') }).toThrowError('x'); const f = jest.fn(); f(1); expect(f).toBeCalledWith(1); expect(f).not.lastCalledWith(2) })`,
    'ES modules have the names of CommonJS': `import { up } from './counter'\ntest('t', () => { expect(up()).toBe(1); expect(__filename).toBe('/home/project/a.test.ts'); expect(require('./counter').n).toBe(1) })`,
    'a default import of CommonJS follows __esModule': `import plain, { x } from './plain.js'\nimport marked from './marked.js'\ntest('t', () => { expect([plain.x, x, marked]).toEqual([1, 1, 'default']) })`,
    'arrow functions may be constructed as mocks': `test('t', () => { const M = jest.fn(() => ({ a: 1 })); expect(new M()).toEqual({ a: 1 }); expect(M.mock.instances).toHaveLength(1) })`,
    'each takes tables of every kind': `test.each([1, 2])('%p is %#', (n) => expect(n).toBeGreaterThan(0))\ntest.each([[1, 2, 3]])('%i + %i', (a, b, c) => expect(a + b).toBe(c))\ntest.each\`a | b\n\${1} | \${'x'}\n\`('$a and $b', ({ a, b }) => expect([a, b]).toEqual([1, 'x']))\ndescribe.each([{ n: 1 }])('with $n', ({ n }) => { test('in', (done) => { expect(n).toBe(1); done() }) })\ntest.failing('fails', () => { throw 1 })`,
    'CommonJS test files hoist mocks, too': `const { load } = require('./user')\njest.mock('./api', () => ({ get: async () => 'cjs' }))\ntest('t', async () => { expect(await load(1)).toBe('cjs!') })`,
  }
  for (const [claim, body] of Object.entries(cases)) {
    test(claim, async () => {
      const files = {
        ...modules,
        'package.json': '{ "jest": {} }',
        'plain.js': `exports.x = 1`,
        'helpers.js': `import './plain.js'\nexports.one = 1\nmodule.exports.two = 2`,
        'marked.js': `Object.defineProperty(exports, '__esModule', { value: true }); exports.default = 'default'`,
        'a.test.ts': body,
      }
      expect(await errorsOf(files)).toEqual([])
    })
  }

  test('the config says where tests, modules and their mocks lie, and that modules start anew before each test', async () => {
    const jest = { roots: ['<rootDir>/src'], moduleDirectories: ['node_modules', 'src'], resetModules: true }
    const counts = `expect(require('lib/counter').up()).toBe(1)`
    const files = {
      'package.json': JSON.stringify({ jest }),
      'src/lib/counter.js': `let n = 0\nexports.up = () => ++n`,
      'src/__mocks__/own-package.js': `module.exports = 'the source'`,
      'src/a.test.js': `test('first', () => { ${counts} })\ntest('second', () => { ${counts} })\ntest('third', () => expect(require('own-package')).toBe('the source'))`,
      'build/a.test.js': `test('never', () => { throw new Error('found outside') })`,
    }
    expect(await errorsOf(files)).toEqual([])
  })
})
