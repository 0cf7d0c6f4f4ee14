import { describe, expect, it } from 'vitest'
import { type SearchOptions, searchFiles, searchPattern } from './search-files'

const plain: SearchOptions = { matchCase: false, wholeWord: false, regex: false }
const files = new Map<string, string | Uint8Array>([
  ['b.ts', 'const total = 1\nexport { total }\n'],
  ['a.md', 'A Total of totals (a+b).\r\nlast'],
  ['c.bin', new Uint8Array([1, 2])],
])

async function found(query: string, options: Partial<SearchOptions> = {}): Promise<string[]> {
  const pattern = searchPattern(query, { ...plain, ...options })
  if (!(pattern instanceof RegExp)) return [pattern.problem]
  const lines: string[] = []
  for await (const { path, matches } of searchFiles(files, pattern, new AbortController().signal)) {
    for (const { line, column, match } of matches) lines.push(`${path}:${line}:${column} ${match}`)
  }
  return lines
}

describe('searchFiles', () => {
  it('finds every match, files in order, and skips binary files', async () => {
    expect(await found('total')).toEqual(['a.md:1:3 Total', 'a.md:1:12 total', 'b.ts:1:7 total', 'b.ts:2:10 total'])
  })
  it('tells cases and words apart when asked', async () => {
    expect(await found('total', { matchCase: true, wholeWord: true })).toEqual(['b.ts:1:7 total', 'b.ts:2:10 total'])
  })
  it('takes the query as it is unless it is a regex', async () => {
    expect(await found('(a+b)')).toEqual(['a.md:1:19 (a+b)'])
    expect(await found('tot\\w+s', { regex: true })).toEqual(['a.md:1:12 totals'])
  })
  it('says what is wrong with a regex', async () => {
    expect((await found('(', { regex: true }))[0]).toMatch(/Unterminated group/)
  })
  it('finds nothing by a pattern that matches the empty text', async () => {
    expect(await found('z*', { regex: true })).toEqual([])
  })
})
