import { describe, expect, it } from 'vitest'
import { affectedTestFiles } from './affected'

const files = new Map([
  ['package.json', '{}'],
  ['src/a.ts', "export { b } from './b.js'"],
  ['src/b.ts', 'export const b = 1'],
  ['src/c.ts', "const { b } = require('./b')"],
  ['src/alias.ts', "import { b } from '@/src/b'"],
  ['src/a.test.ts', "import { a } from './a'"],
  ['src/c.spec.js', "import './c.ts'"],
  ['test/alias.js', "const { b } = await import('../src/alias'); test('b', () => b)"],
  ['test/helper.js', "export * from '../src/alias'"],
  ['src/lonely.test.ts', ''],
  ['node_modules/x/x.test.js', "import '../../src/b'"],
])

describe('affectedTestFiles', () => {
  it('follows imports, re-exports, require, dynamic import and aliases, however far', () => {
    expect(affectedTestFiles(files, ['src/b.ts'])).toEqual(['src/a.test.ts', 'src/c.spec.js', 'test/alias.js'])
  })

  it('includes a changed test and leaves out what has nothing to do with it', () => {
    expect(affectedTestFiles(files, ['src/lonely.test.ts'])).toEqual(['src/lonely.test.ts'])
  })

  it('finds the importers of a file that is gone', () => {
    const left = new Map(files)
    left.delete('src/b.ts')
    expect(affectedTestFiles(left, ['src/b.ts'])).toContain('src/a.test.ts')
  })

  it('chooses all tests when configuration changed', () => {
    expect(affectedTestFiles(files, ['package.json'])).toHaveLength(4)
  })

  it('ends on import cycles', () => {
    const cyclic = new Map([
      ['x.ts', "import './y'"],
      ['y.ts', "import './x'"],
      ['x.test.ts', "import './x'"],
    ])
    expect(affectedTestFiles(cyclic, ['y.ts'])).toEqual(['x.test.ts'])
  })
})
