import { describe, expect, test } from 'vitest'
import { defaultConfig, findTestFiles, globToRegExp, testFilePatterns } from './config'

test.each(['vitest', 'jest', 'node'] as const)(
  'what %s is set to can be sent to the Workers that share its files',
  (flavour) => {
    const config = defaultConfig(flavour, '/p')
    expect(structuredClone(config)).toEqual(config)
  },
)

describe('globs', () => {
  const cases: [string, string, boolean][] = [
    ['**/*.{test,spec}.?(c|m)[jt]s?(x)', 'src/a.test.ts', true],
    ['**/*.{test,spec}.?(c|m)[jt]s?(x)', 'a.spec.mjs', true],
    ['**/*.{test,spec}.?(c|m)[jt]s?(x)', 'a.test.tsx', true],
    ['**/*.{test,spec}.?(c|m)[jt]s?(x)', 'a.test.d.ts', false],
    ['**/*.{test,spec}.?(c|m)[jt]s?(x)', 'test.ts', false],
    ['checks/*.ts', 'checks/a.ts', true],
    ['checks/*.ts', 'checks/b/a.ts', false],
    ['./checks/**', 'checks/b/a.ts', true],
    ['a+(b).js', 'abb.js', true],
    ['a.b', 'axb', false],
    ['?x', 'ax', true],
    ['src/**/(*.)+(spec|test).+(ts|js)', 'src/a/b.test.ts', true],
    ['src/**/(*.)+(spec|test).+(ts|js)', 'src/a/test.ts', false],
    ['src/!(*.skip).test.ts', 'src/a.test.ts', true],
    ['src/!(a|*.skip).test.ts', 'src/b.skip.test.ts', false],
    ['src/!(a|*.skip).test.ts', 'src/a.test.ts', false],
    ['src/!(a|*.skip).test.ts', 'src/ab.test.ts', true],
  ]
  test.each(cases)('%s and %s: %s', (glob, path, expected) => {
    expect(globToRegExp(glob).test(path)).toBe(expected)
  })

  test('jest and node look in their folders too', () => {
    const matches = (flavour: 'jest' | 'node', path: string) =>
      testFilePatterns[flavour].some((glob) => globToRegExp(glob).test(path))
    expect(['__tests__/a.js', 'src/a.spec.ts', 'spec.js', 'a.js'].map((path) => matches('jest', path))).toEqual([
      true,
      true,
      true,
      false,
    ])
    expect(['test/a.mjs', 'a-test.js', 'test-a.cjs', 'a.js'].map((path) => matches('node', path))).toEqual([
      true,
      true,
      true,
      false,
    ])
  })
})

test('test files are found in order, packages and filters left aside', () => {
  const tree: Record<string, string[]> = {
    '/p': ['b.test.ts', 'node_modules', 'src', 'x.ts'],
    '/p/src': ['a.test.ts', 'dist'],
    '/p/src/dist': ['c.test.ts'],
    '/p/node_modules': ['d.test.ts'],
  }
  const fs = { readdir: (path: string) => tree[path] ?? [], isDirectory: (path: string) => path in tree }
  const config = defaultConfig('vitest', '/p')
  expect(findTestFiles(fs, config, [])).toEqual(['b.test.ts', 'src/a.test.ts'])
  expect(findTestFiles(fs, config, ['src'])).toEqual(['src/a.test.ts'])
  expect(findTestFiles(fs, config, ['./b.test.ts'])).toEqual(['b.test.ts'])
  expect(findTestFiles(fs, { ...config, roots: ['/p/src'] }, [])).toEqual(['src/a.test.ts'])
  expect(findTestFiles(fs, { ...config, exclude: ['src/'] }, [])).toEqual(['b.test.ts'])
})

test.each<['vitest' | 'jest', string, string[]]>([
  ['vitest', 'packages/a', ['src/one.test.ts', 'src/two.test.ts']],
  ['vitest', './packages/a/src/', ['src/one.test.ts', 'src/two.test.ts']],
  ['vitest', 'ONE', ['src/one.test.ts']],
  ['vitest', '/p/packages/a/src/two', ['src/two.test.ts']],
  ['vitest', 'packages/b', []],
  ['vitest', 'one|two', []],
  ['jest', 'one|two', ['src/one.test.ts', 'src/two.test.ts']],
  ['jest', 'a/src/o.e', ['src/one.test.ts']],
  ['jest', './packages/a/src/two', ['src/two.test.ts']],
  ['jest', '(', []],
])('%s takes %j for what it was typed for, in a project of a workspace too', (flavour, filter, expected) => {
  const tree: Record<string, string[]> = {
    '/p/packages/a': ['src'],
    '/p/packages/a/src': ['one.test.ts', 'two.test.ts'],
  }
  const fs = { readdir: (path: string) => tree[path] ?? [], isDirectory: (path: string) => path in tree }
  expect(findTestFiles(fs, defaultConfig(flavour, '/p/packages/a'), [filter], '/p')).toEqual(expected)
})
