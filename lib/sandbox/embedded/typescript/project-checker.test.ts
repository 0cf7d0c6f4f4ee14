import { beforeAll, describe, expect, test, vi } from 'vitest'
import { readLibFiles } from './bundle.mjs'
import { createProjectChecker } from './project-checker'
import type { CheckedFile } from './protocol'

// The first check parses a megabyte of declarations.
vi.setConfig({ testTimeout: 60_000 })

let libFiles: Record<string, string> = {}
beforeAll(async () => {
  libFiles = await readLibFiles()
})

function checkerOf(files: Record<string, string>) {
  const checker = createProjectChecker(libFiles)
  checker.update(Object.entries(files), true)
  return checker
}

const brief = (diagnostics: { path: string; line: number; severity: string; code: string }[]) =>
  diagnostics.map(({ path, line, severity, code }) => `${path}:${line} ${severity} ${code}`)

const check = (files: Record<string, string>, paths: string[] | null = null) => brief(checkerOf(files).check(paths))

const json = (value: unknown) => JSON.stringify(value)

describe('a project', () => {
  test('without tsconfig.json is checked strictly, with the place and the message', () => {
    const diagnostics = checkerOf({
      'src/a.ts': 'export const n: number = 1\n',
      'src/b.ts': "import { n } from './a.ts'\nexport const s: string = n\n",
    }).check(null)
    expect(diagnostics).toEqual([
      {
        path: 'src/b.ts',
        line: 2,
        column: 14,
        endLine: 2,
        endColumn: 15,
        severity: 'error',
        message: "Type 'number' is not assignable to type 'string'.",
        code: 'ts(2322)',
      },
    ])
  })

  test('with nothing wrong has no diagnostics', () => {
    expect(check({ 'a.ts': 'export const a = [1, 2].map(String)\n', 'b.js': 'const x = 1; x()\n' })).toEqual([])
  })

  test('without any file has none either', () => {
    expect(check({})).toEqual([])
    expect(check({ 'tsconfig.json': '{}' })).toEqual([])
  })

  test('is seen with each update, and only asked files are answered for', () => {
    const checker = checkerOf({
      'a.ts': 'export const n = 1\n',
      'b.ts': "import { n } from './a'\nn.trim()\n",
      'c.ts': 'let s: string = 1\n',
    })
    expect(brief(checker.check(['b.ts']))).toEqual(['b.ts:2 error ts(2339)'])
    checker.update([['a.ts', "export const n = 'x'\n"]], false)
    expect(checker.check(['b.ts', 'gone.ts', 'readme.md'])).toEqual([])
    checker.update([['a.ts', null]], false)
    expect(brief(checker.check(['b.ts']))).toEqual(['b.ts:1 error ts(2307)'])
    checker.update([['a.ts', new TextEncoder().encode('export const n = "y"')]], false)
    expect(checker.check(['b.ts'])).toEqual([])
    checker.update([['d.ts', 'let x: string = 1']] satisfies CheckedFile[], true)
    expect(brief(checker.check(null))).toEqual(['d.ts:1 error ts(2322)'])
  })

  test('reports a syntax error once', () => {
    expect(check({ 'a.ts': 'export const a = (1\n' })).toEqual(['a.ts:2 error ts(1005)'])
  })
})

describe('tsconfig.json', () => {
  const loose = 'export function f(a) { return a }\n'

  test('decides on strictness, also with comments and trailing commas', () => {
    expect(check({ 'a.ts': loose })).toEqual(['a.ts:1 error ts(7006)'])
    expect(
      check({ 'a.ts': loose, 'tsconfig.json': '{ // loose\n "compilerOptions": { "strict": false, }, }' }),
    ).toEqual([])
  })

  test('names the files, yet an asked file is checked anyway', () => {
    const files = {
      'tsconfig.json': json({ include: ['src'], compilerOptions: { strict: true } }),
      'src/a.ts': 'export {}\n',
      'test/a.ts': 'let s: string = 1\n',
    }
    expect(check(files)).toEqual([])
    expect(check(files, ['test/a.ts'])).toEqual(['test/a.ts:1 error ts(2322)'])
  })

  test('maps paths, extends another, and knows NodeNext', () => {
    expect(
      check({
        'base.json': json({
          compilerOptions: {
            strict: true,
            module: 'NodeNext',
            moduleResolution: 'NodeNext',
            paths: { '@/*': ['./src/*'] },
          },
        }),
        'tsconfig.json': json({ extends: './base.json' }),
        'package.json': json({ type: 'module' }),
        'src/a.ts': 'export const n = 1\n',
        'src/b.ts': "import { n } from '@/a.js'\nimport { m } from '@/missing.js'\nexport const s: string = n\nm()\n",
      }),
    ).toEqual(['src/b.ts:2 error ts(2307)', 'src/b.ts:3 error ts(2322)'])
  })

  test('of a folder governs what is in it, beside the root’s', () => {
    const checker = checkerOf({
      'tsconfig.json': json({ compilerOptions: { strict: true } }),
      'a/tsconfig.json': json({ compilerOptions: { strict: false }, references: [{ path: '../c' }] }),
      'a/x.ts': `${loose}let s: string = 1\n`,
      'b/x.ts': 'let s: string = 1\n',
      'c/tsconfig.json': json({ compilerOptions: { composite: true } }),
      'c/x.ts': 'let s: string = 1\n',
    })
    expect(brief(checker.check(null, 'a/tsconfig.json'))).toEqual([
      'a/x.ts:2 error ts(2322)',
      'c/x.ts:1 error ts(2322)',
    ])
    expect(brief(checker.check(null))).toContain('b/x.ts:1 error ts(2322)')
    checker.update([['a/x.ts', '']], false)
    expect(brief(checker.check(null, 'a/tsconfig.json'))).toEqual(['c/x.ts:1 error ts(2322)'])
  })

  test('may only refer to others, as Vite’s templates do', () => {
    expect(
      check({
        'tsconfig.json': json({
          files: [],
          references: [{ path: './tsconfig.app.json' }, { path: './tsconfig.node.json' }],
        }),
        'tsconfig.app.json': json({
          include: ['src'],
          compilerOptions: {
            strict: true,
            composite: true,
            allowImportingTsExtensions: true,
            noEmit: true,
            module: 'esnext',
            moduleResolution: 'bundler',
          },
        }),
        'tsconfig.node.json': json({
          include: ['vite.config.ts'],
          compilerOptions: { strict: false, module: 'esnext', moduleResolution: 'bundler' },
        }),
        'src/main.ts': `import { n } from './n.ts'\n${loose}n.trim()\n`,
        'src/n.ts': 'export const n = 1\n',
        'vite.config.ts': `import { defineConfig } from 'vite'\n${loose}export default defineConfig({})\n`,
      }),
    ).toEqual(['src/main.ts:2 error ts(7006)', 'src/main.ts:3 error ts(2339)'])
  })

  test('is itself reported when it is wrong', () => {
    expect(check({ 'a.ts': 'export {}', 'tsconfig.json': '{ "compilerOptions": { "target": "es1999" } }' })).toEqual([
      'tsconfig.json:1 error ts(6046)',
    ])
    expect(check({ 'a.ts': 'export {}', 'tsconfig.json': '{ "compilerOptions": ' })).toContain(
      'tsconfig.json:1 error ts(1109)',
    )
  })

  test('without DOM in lib still knows console, timers and fetch', () => {
    expect(
      check({
        'a.ts': 'console.log(setTimeout(() => {}, 1), fetch, new URL("x:y"), structuredClone(1))\n',
        'tsconfig.json': json({
          compilerOptions: { strict: true, lib: ['es2022'], target: 'es2022', types: ['node'] },
        }),
      }),
    ).toEqual([])
  })
})

describe('what nobody has installed', () => {
  test('is known when the sandbox has it: vitest, jest globals, node:test, Node’s builtins', () => {
    expect(
      check({
        'package.json': json({ devDependencies: { vitest: '*', '@types/node': '*' } }),
        'a.test.ts':
          "import { expect, test, vi } from 'vitest'\ntest('a', () => { const f = vi.fn((n: number) => n); expect(f(1)).toBe(1) })\n",
        'b.test.ts':
          "describe('b', () => { it.each([[1, 2]])('%i', (a, b) => { expect(a.toFixed()).toBe(b) }); beforeEach(() => jest.fn()) })\n",
        'c.test.ts':
          "import test from 'node:test'\nimport assert from 'node:assert/strict'\nimport { readFileSync } from 'fs'\ntest('c', async (t) => { assert.equal(readFileSync('x', 'utf8').length, process.argv.length); await t.test('d', () => {}) })\n",
        'd.test.ts': "import { test } from 'vitest'\ntest('a', () => { const n: number = process.cwd() })\n",
      }),
    ).toEqual(['d.test.ts:2 error ts(2322)'])
  })

  test('is one warning a package, without what follows from it', () => {
    const diagnostics = checkerOf({
      'package.json': json({ dependencies: { express: '4', react: '19' } }),
      'server.ts':
        "import express from 'express'\nconst app = express()\napp.get('/', (request, response) => response.send(request.url))\nconst n: number = 'x'\n",
      'more.ts': "import type { Request } from 'express'\nexport const f = (r: Request) => r\n",
      'app.tsx':
        "import { useState } from 'react'\nexport const App = () => { const [n] = useState(0); return <p onClick={(e) => e}>{n}</p> }\n",
    }).check(null)
    expect(brief(diagnostics)).toEqual([
      'app.tsx:1 warning ts(2307)',
      'more.ts:1 warning ts(2307)',
      'server.ts:4 error ts(2322)',
    ])
    expect(diagnostics[1]?.message).toBe(
      'The package “express” is not installed, so its types are unknown (imported in 2 files). Run “npm install”.',
    )
  })

  test('is an error when package.json does not name it', () => {
    expect(check({ 'a.ts': "import x from 'left-pad'\nx()\n" })).toEqual(['a.ts:1 error ts(2307)'])
  })

  test('gives way to installed types', () => {
    expect(
      check({
        'node_modules/vitest/package.json': json({ name: 'vitest', types: './index.d.ts' }),
        'node_modules/vitest/index.d.ts': 'export function test(name: string): void\n',
        'a.test.ts': "import { test } from 'vitest'\ntest('a', () => {})\n",
      }),
    ).toEqual(['a.test.ts:2 error ts(2554)'])
  })
})

test('a check after an edit takes a fraction of the first', () => {
  const body = (n: number) => `import { f${n - 1} } from './f${n - 1}'\nexport const g${n} = f${n - 1}.toFixed()\n`
  const files = Object.fromEntries(
    Array.from({ length: 40 }, (_, n) => [`f${n}.ts`, `${n > 0 ? body(n) : ''}export const f${n} = ${n}\n`]),
  )
  const startedAt = performance.now()
  const checker = checkerOf(files)
  expect(checker.check(null)).toEqual([])
  const first = performance.now() - startedAt
  checker.update([['f20.ts', `${body(20)}export const f20: string = 20\n`]], false)
  const editedAt = performance.now()
  expect(brief(checker.check(['f20.ts', 'f21.ts']))).toEqual(['f20.ts:3 error ts(2322)', 'f21.ts:2 error ts(2551)'])
  expect(performance.now() - editedAt).toBeLessThan(first / 2)
})
