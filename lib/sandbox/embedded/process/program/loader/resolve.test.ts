import { describe, expect, test } from 'vitest'
import { matchExports, type ResolverFs } from './package-scope'
import { createResolver, type ImportKind } from './resolve'

function filesOf(texts: Record<string, string>): ResolverFs {
  const paths = Object.keys(texts)
  const below = (folder: string) => paths.filter((path) => path.startsWith(folder === '/' ? '/' : `${folder}/`))
  return {
    isFile: (path) => path in texts,
    isDirectory: (path) => below(path).length > 0,
    readText: (path) => texts[path] ?? '',
    list: (path) => [...new Set(below(path).map((file) => file.slice(path.length + 1).split('/')[0] ?? ''))],
  }
}

const fs = filesOf({
  '/p/package.json': JSON.stringify({
    name: 'app',
    exports: { '.': './src/main.ts', './feature': './src/feature/index.ts' },
    imports: {
      '#conf': { node: './src/conf.node.ts', default: './src/conf.ts' },
      '#lib/*': './src/lib/*.ts',
      '#dep': 'pkg',
    },
    dependencies: { absent: '1' },
  }),
  '/p/tsconfig.json':
    '{ // comment\n "extends": "./base.json", "compilerOptions": { "paths": { "@/*": ["./src/*"], "exact": ["./src/main.ts"], }, } }',
  '/p/base.json': '{ "compilerOptions": { "jsx": "react", "verbatimModuleSyntax": true } }',
  '/p/src/main.ts': '',
  '/p/src/both.ts': '',
  '/p/src/both.js': '',
  '/p/src/view.tsx': '',
  '/p/src/m.mts': '',
  '/p/src/data.json': '{}',
  '/p/src/conf.ts': '',
  '/p/src/conf.node.ts': '',
  '/p/src/lib/text.ts': '',
  '/p/src/feature/index.ts': '',
  '/p/node_modules/pkg/package.json': JSON.stringify({
    name: 'pkg',
    exports: {
      '.': { types: './t.d.ts', import: './m.mjs', require: './c.cjs' },
      './deep/*': './lib/*.js',
      './deep/private/*': null,
      './sub': { browser: './no.js', node: { import: './sub.mjs' }, default: './sub.cjs' },
    },
  }),
  '/p/node_modules/pkg/m.mjs': '',
  '/p/node_modules/pkg/c.cjs': '',
  '/p/node_modules/pkg/lib/x.js': '',
  '/p/node_modules/pkg/lib/private/y.js': '',
  '/p/node_modules/pkg/sub.mjs': '',
  '/p/node_modules/pkg/sub.cjs': '',
  '/p/node_modules/plain/package.json': '{ "main": "./lib/entry" }',
  '/p/node_modules/plain/lib/entry.js': '',
  '/p/node_modules/plain/other/index.js': '',
  '/p/node_modules/bare/index.js': '',
  '/p/node_modules/@scope/name/index.js': '',
  '/node_modules/above/index.js': '',
})
const resolver = createResolver(fs, {
  isBuiltin: (name) => name === 'fs',
  aliases: [
    { find: '~', replacement: '/p/src' },
    { find: /^style:(.*)$/, replacement: '/p/src/$1' },
  ],
})
const resolve = (specifier: string, kind: ImportKind = 'import', importer = '/p/src/main.ts') => {
  const found = resolver.resolve(specifier, importer, kind)
  return found.kind === 'file' ? found.path : found.kind === 'builtin' ? `node:${found.name}` : null
}

describe('a specifier leads to', () => {
  const cases: [string, string | null][] = [
    ['./both', '/p/src/both.ts'],
    ['./both.js', '/p/src/both.js'],
    ['./main.js', '/p/src/main.ts'],
    ['./view.js', '/p/src/view.tsx'],
    ['./view.jsx', '/p/src/view.tsx'],
    ['./m.mjs', '/p/src/m.mts'],
    ['./feature', '/p/src/feature/index.ts'],
    ['./feature/', '/p/src/feature/index.ts'],
    ['.', null],
    ['./data', '/p/src/data.json'],
    ['./data.json?raw', '/p/src/data.json'],
    ['../src/main.ts', '/p/src/main.ts'],
    ['/p/src/main.ts', '/p/src/main.ts'],
    ['file:///p/src/main.ts', '/p/src/main.ts'],
    ['node:anything', 'node:anything'],
    ['fs', 'node:fs'],
    ['@/lib/text', '/p/src/lib/text.ts'],
    ['exact', '/p/src/main.ts'],
    ['~/lib/text', '/p/src/lib/text.ts'],
    ['style:view', '/p/src/view.tsx'],
    ['#conf', '/p/src/conf.node.ts'],
    ['#lib/text', '/p/src/lib/text.ts'],
    ['#dep', '/p/node_modules/pkg/m.mjs'],
    ['#none', null],
    ['app', '/p/src/main.ts'],
    ['app/feature', '/p/src/feature/index.ts'],
    ['pkg', '/p/node_modules/pkg/m.mjs'],
    ['pkg/deep/x', '/p/node_modules/pkg/lib/x.js'],
    ['pkg/deep/private/y', null],
    ['pkg/sub', '/p/node_modules/pkg/sub.mjs'],
    ['pkg/lib/x.js', null],
    ['plain', '/p/node_modules/plain/lib/entry.js'],
    ['plain/other', '/p/node_modules/plain/other/index.js'],
    ['bare', '/p/node_modules/bare/index.js'],
    ['@scope/name', '/p/node_modules/@scope/name/index.js'],
    ['above', '/node_modules/above/index.js'],
    ['absent', null],
  ]
  test.each(cases)('%s → %s', (specifier, expected) => {
    expect(resolve(specifier)).toBe(expected)
  })

  test('other files for require than for import', () => {
    expect([resolve('pkg', 'require'), resolve('pkg/sub', 'require')]).toEqual([
      '/p/node_modules/pkg/c.cjs',
      '/p/node_modules/pkg/sub.cjs',
    ])
  })

  test('nothing through tsconfig paths from inside a package', () => {
    expect(resolve('exact', 'import', '/p/node_modules/bare/index.js')).toBe(null)
  })
})

describe('what is missing comes with a hint', () => {
  const cases: [string, RegExp][] = [
    ['./mian', /Did you mean "main\.ts" in \/p\/src\?/],
    ['./Main', /Did you mean "main\.ts"/],
    ['./zzzzzz', /Looked for zzzzzz\{\.ts,/],
    ['./nowhere/x', /There is no folder \/p\/src\/nowhere/],
    ['absent', /listed in package\.json, but not installed/],
    ['unknown', /neither installed nor listed/],
    ['pkg/lib/x.js', /is installed, but does not offer "\.\/lib\/x\.js"/],
    ['#none', /No "#none" in the "imports" of \/p\/package\.json/],
  ]
  test.each(cases)('%s: %s', (specifier, hint) => {
    const found = resolver.resolve(specifier, '/p/src/main.ts', 'import')
    expect(found.kind === 'missing' ? found.hint : '').toMatch(hint)
  })
})

test('a tsconfig inherits what it extends', () => {
  expect(resolver.configOf('/p/src/main.ts')).toMatchObject({ jsx: 'react', keepUnusedImports: true })
})

test('the longest pattern of an exports map wins', () => {
  const field = { './*': './all/*', './a/*': './a-only/*', './a/b/*.js': './ab/*.mjs' }
  const pick = (subpath: string) => matchExports(field, subpath, new Set())
  expect(['./x', './a/x', './a/b/x.js'].map(pick)).toEqual(['./all/x', './a-only/x', './ab/x.mjs'])
})

describe('a file whose imports mean what Node makes of them', () => {
  const plain = filesOf({
    '/q/a.js': '',
    '/q/a.ts': '',
    '/q/m.mjs': '',
    '/q/lib/index.js': '',
    '/q/node_modules/pkg/package.json': JSON.stringify({ main: './main' }),
    '/q/node_modules/pkg/main.js': '',
    '/q/node_modules/pkg/more.js': '',
    '/q/node_modules/gone/package.json': JSON.stringify({ main: './none.js' }),
    '/q/node_modules/gone/index.js': '',
  })
  const missing: string[] = []
  const resolver = createResolver(plain, {
    isBuiltin: () => false,
    isStrict: (importer) => !importer.endsWith('.ts'),
    onMissingMain: (json, main) => void missing.push(`${json} ${main}`),
  })
  const pathOf = (specifier: string, kind: ImportKind, importer = '/q/main.js') => {
    const found = resolver.resolve(specifier, importer, kind)
    return found.kind === 'file' ? found.path : found.kind
  }

  test.each<[specifier: string, kind: ImportKind, path: string]>([
    ['./a.js', 'import', '/q/a.js'],
    ['./a', 'import', 'missing'],
    ['./a', 'require', '/q/a.js'],
    ['./lib', 'import', 'missing'],
    ['./lib', 'require', '/q/lib/index.js'],
    ['./m', 'require', 'missing'],
    ['./m.js', 'import', 'missing'],
    ['pkg', 'import', '/q/node_modules/pkg/main.js'],
    ['pkg/more', 'import', 'missing'],
    ['pkg/more', 'require', '/q/node_modules/pkg/more.js'],
  ])('%s by %s leads to %s', (specifier, kind, path) => {
    expect(pathOf(specifier, kind)).toBe(path)
  })

  test('leaves the files of compilers as bundlers find them', () => {
    expect(pathOf('./a', 'import', '/q/main.ts')).toBe('/q/a.ts')
  })

  test('tells of a package whose index stands in for its entry', () => {
    expect(pathOf('gone', 'require')).toBe('/q/node_modules/gone/index.js')
    expect(missing).toEqual(['/q/node_modules/gone/package.json ./none.js'])
  })
})
