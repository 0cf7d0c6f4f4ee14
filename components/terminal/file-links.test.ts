import { describe, expect, it } from 'vitest'
import { findPlaces } from './file-links'

const has = (path: string) => ['src/a.ts', 'b.py', 'src/deep/c.js'].includes(path)
const placesIn = (text: string, cwd = '') =>
  findPlaces(text, cwd, has).map(({ path, line, column }) => ({ path, line, column }))

describe('findPlaces', () => {
  it('finds places as Node, TypeScript and Python write them', () => {
    expect(placesIn('    at run (/home/project/src/a.ts:12:5)')).toEqual([{ path: 'src/a.ts', line: 12, column: 5 }])
    expect(placesIn('src/a.ts(3,7): error TS2322')).toEqual([{ path: 'src/a.ts', line: 3, column: 7 }])
    expect(placesIn('  File "/home/project/b.py", line 4, in f')).toEqual([{ path: 'b.py', line: 4, column: 1 }])
  })
  it('looks from the folder of the prompt', () => {
    expect(placesIn('deep/c.js:2', 'src')).toEqual([{ path: 'src/deep/c.js', line: 2, column: 1 }])
  })
  it('leaves other files and times alone', () => {
    expect(placesIn('other.ts:1 at 12:30')).toEqual([])
  })
})
