import { describe, expect, it } from 'vitest'
import { replaceInFiles, replaceInText } from './replace-in-text'
import { maxMatches, searchPattern } from './search-files'

const replace = (text: string, query: string, replacement: string, regex = false) => {
  const pattern = searchPattern(query, { matchCase: false, wholeWord: false, regex })
  if (!(pattern instanceof RegExp)) throw new Error(pattern.problem)
  return replaceInText(text, pattern, { replacement, expands: regex })
}

describe('replaceInText', () => {
  it('replaces every match and keeps the line ends', () => {
    expect(replace('a B\r\nb\nc', 'b', 'x')).toEqual({ text: 'a x\r\nx\nc', count: 2 })
  })
  it('reaches all files, also beyond the matches that a search shows', () => {
    const files = new Map([
      ['a', 'b'.repeat(maxMatches + 1)],
      ['z', 'b'],
      ['none', 'c'],
    ])
    const { count, changes } = replaceInFiles(files, /b/g, { replacement: 'x', expands: false })
    expect([count, changes.map(({ path }) => path)]).toEqual([maxMatches + 2, ['a', 'z']])
  })
  it('takes the replacement as it is unless the query is a regex', () => {
    expect(replace('cost', 'cost', '$1 $&')).toEqual({ text: '$1 $&', count: 1 })
    expect(replace('get(a, b)', '(\\w+), (\\w+)', '$2, $1 $$', true)).toEqual({ text: 'get(b, a $)', count: 1 })
    expect(replace('ab', '(?<first>a)b', '$<first>$&$3', true)).toEqual({ text: 'aab$3', count: 1 })
  })
  it('anchors to lines, as the search does', () => {
    expect(replace('a\na', '^a$', 'b', true)).toEqual({ text: 'b\nb', count: 2 })
  })
  it('replaces nothing by a pattern that matches the empty text', () => {
    expect(replace('abc', 'z*', 'x', true)).toEqual({ text: 'abc', count: 0 })
  })
})
