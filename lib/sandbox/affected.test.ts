import { describe, expect, it, test } from 'vitest'
import { affectedTestFiles, importGraph } from './affected'

const files = new Map(
  Object.entries({
    'package.json': '{"name":"demo","imports":{"#lib/*":"./src/lib/*.ts"}}',
    'tsconfig.json': '{ /* paths */ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }',
    'src/math.ts': 'export const add = (a: number, b: number) => a + b',
    'src/sum.ts': "import { add } from './math.js'\nexport const sum = (list: number[]) => list.reduce(add, 0)",
    'src/index.ts': "export * from '@/sum'",
    'src/lib/text.ts': 'export const shout = (text: string) => text.toUpperCase()',
    'src/lazy.ts': "export const load = () => import('./lib/text')",
    'src/types.ts': 'export interface Item { id: number }',
    'src/greeting.txt': 'hello',
    'test/math.test.ts': "import { add } from '../src/math'",
    'test/sum.test.ts': "import {\n  sum,\n} from '../src/index'",
    'test/text.spec.tsx': "import { shout } from '#lib/text'",
    'test/lazy.test.js': "const { load } = require('../src/lazy')",
    'test/reads.test.ts': "readFileSync('src/greeting.txt')",
    'test/alone.test.ts': "test('x', () => {})",
    'src/__tests__/types.ts': "import type { Item } from '../types'",
    'node_modules/pkg/a.test.js': "import '../../src/math'",
  }),
)
const all = [
  'src/__tests__/types.ts',
  'test/alone.test.ts',
  'test/lazy.test.js',
  'test/math.test.ts',
  'test/reads.test.ts',
  'test/sum.test.ts',
  'test/text.spec.tsx',
]

it('does not stumble over text that only looks like an import', () => {
  const odd = new Map([...files, ['src/odd.ts', "import './100%.ts'\nimport { add } from './math'\n"]])
  expect(importGraph(odd).get('src/odd.ts')).toEqual(['src/math.ts'])
  expect(affectedTestFiles(odd, ['src/math.ts'])).toContain('test/math.test.ts')
})

describe('affectedTestFiles', () => {
  const cases: [string, string[], string[]][] = [
    [
      'follows imports through files, aliases and re-exports',
      ['src/math.ts'],
      ['test/math.test.ts', 'test/sum.test.ts'],
    ],
    [
      'follows dynamic imports, require and package imports',
      ['src/lib/text.ts'],
      ['test/lazy.test.js', 'test/text.spec.tsx'],
    ],
    ['counts types, because a test may not compile without them', ['src/types.ts'], ['src/__tests__/types.ts']],
    ['names a changed test itself', ['test/alone.test.ts'], ['test/alone.test.ts']],
    ['finds tests that name a changed file that is no module', ['src/greeting.txt'], ['test/reads.test.ts']],
    ['runs everything when the configuration changes', ['tsconfig.json'], all],
    ['runs everything when package.json changes', ['package.json'], all],
    ['runs nothing for a file nobody imports', ['README.md'], []],
  ]
  test.each(cases)('%s', (_, changed, expected) => {
    expect(affectedTestFiles(files, changed)).toEqual(expected)
  })

  test('still finds the importers of a deleted file', () => {
    const without = new Map(files)
    without.delete('src/math.ts')
    expect(affectedTestFiles(without, ['src/math.ts'])).toEqual(['test/math.test.ts', 'test/sum.test.ts'])
  })

  test('survives import cycles', () => {
    const cyclic = new Map([
      ['a.ts', "import './b'"],
      ['b.ts', "import './a'"],
      ['a.test.ts', "import './a'"],
    ])
    expect(affectedTestFiles(cyclic, ['b.ts'])).toEqual(['a.test.ts'])
  })
})
