import { applyPatch } from 'diff'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diffRegions, diffStat, splitLines, unifiedDiff } from './diff'
import { mergeTexts } from './merge'

const numbered = (count: number, change: (n: number) => string | null = (n) => `line ${n}`) =>
  Array.from({ length: count }, (_, n) => change(n))
    .filter((line) => line !== null)
    .map((line) => `${line}\n`)
    .join('')

function rebuild(before: string, after: string): string {
  const from = splitLines(before)
  const to = splitLines(after)
  let at = 0
  const out: string[] = []
  for (const region of diffRegions(from, to)) {
    out.push(...from.slice(at, region.beforeStart), ...to.slice(region.afterStart, region.afterEnd))
    at = region.beforeEnd
  }
  return [...out, ...from.slice(at)].join('')
}

describe('counts', () => {
  test.each([
    ['', '', 0, 0],
    ['', 'a\nb', 2, 0],
    ['a\nb\n', '', 0, 2],
    ['a\nb\nc\n', 'a\nB\nc\n', 1, 1],
    ['a', 'a\n', 1, 1],
    ['a\r\nb\r\n', 'a\nb\n', 2, 2],
    ['a\nb\nc\n', 'c\na\nb\n', 1, 1],
  ])('of %j to %j are +%i -%i', (before, after, additions, deletions) => {
    expect(diffStat(before, after)).toEqual({ additions, deletions })
  })
})

describe('unified text', () => {
  test('groups changes with three lines around them', () => {
    const before = numbered(30)
    const after = numbered(30, (n) => (n === 3 ? null : n === 8 ? 'eight' : n === 29 ? 'last' : `line ${n}`)).trimEnd()
    expect(unifiedDiff('a.txt', before, after)).toBe(
      [
        '--- a/a.txt',
        '+++ b/a.txt',
        '@@ -1,12 +1,11 @@',
        ...[' line 0', ' line 1', ' line 2', '-line 3', ' line 4', ' line 5', ' line 6', ' line 7'],
        ...['-line 8', '+eight', ' line 9', ' line 10', ' line 11'],
        '@@ -27,4 +26,4 @@',
        ...[' line 26', ' line 27', ' line 28', '-line 29', '+last', '\\ No newline at end of file', ''],
      ].join('\n'),
    )
  })

  test('names a missing side /dev/null and an unended last line', () => {
    expect(unifiedDiff('src/a.ts', null, 'one')).toBe(
      '--- /dev/null\n+++ b/src/a.ts\n@@ -0,0 +1 @@\n+one\n\\ No newline at end of file\n',
    )
    expect(unifiedDiff('a', 'one\n', null)).toBe('--- a/a\n+++ /dev/null\n@@ -1 +0,0 @@\n-one\n')
    expect(unifiedDiff('a', 'same', 'same')).toBe('')
  })
})

const lines = fc.array(fc.constantFrom('a', 'b', 'c', '{', '}', ''), { maxLength: 30 })
const text = fc.tuple(lines, fc.boolean()).map(([list, isEnded]) => list.join('\n') + (isEnded ? '\n' : ''))

describe.each([11, 2026, 4242])('for any texts (seed %i)', (seed) => {
  test('regions rebuild the second from the first, and unified text applies', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(rebuild(before, after)).toBe(after)
        if (before !== after) expect(applyPatch(before, unifiedDiff('f', before, after))).toBe(after)
      }),
      { seed, numRuns: 500 },
    )
  })

  test('a merge holds both changes or refuses, whatever the order', () => {
    fc.assert(
      fc.property(text, text, text, (base, ours, theirs) => {
        const merged = mergeTexts(base, ours, theirs)
        expect(mergeTexts(base, theirs, ours)).toBe(merged)
        expect(mergeTexts(base, ours, base)).toBe(ours)
        expect(mergeTexts(base, ours, ours)).toBe(ours)
      }),
      { seed, numRuns: 500 },
    )
  })
})

describe('merging', () => {
  const base = numbered(9)
  const edit = (at: number, to: string | null) => numbered(9, (n) => (n === at ? to : `line ${n}`))

  test('joins changes of different lines', () => {
    expect(mergeTexts(base, edit(1, 'ours'), edit(7, null))).toBe(
      numbered(9, (n) => (n === 1 ? 'ours' : n === 7 ? null : `line ${n}`)),
    )
  })

  test.each([
    ['the same line', 4],
    ['neighbouring lines', 5],
  ])('refuses different changes of %s', (_, at) => {
    expect(mergeTexts(base, edit(4, 'ours'), edit(at, 'theirs'))).toBe(null)
  })
})

describe('10,000 lines', () => {
  const before = numbered(10_000)
  test.each([
    ['every 200th changed', numbered(10_000, (n) => (n % 200 ? `line ${n}` : `${n}!`)), 50],
    ['every third changed', numbered(10_000, (n) => (n % 3 ? `line ${n}` : `${n}!`)), 3_334],
    ['all changed', numbered(10_000, (n) => `${n}!`), 10_000],
  ])('with %s are compared within a second', (_, after, changed) => {
    const startedAt = performance.now()
    expect(diffStat(before, after)).toEqual({ additions: changed, deletions: changed })
    expect(performance.now() - startedAt).toBeLessThan(1_000)
    expect(rebuild(before, after)).toBe(after)
  })
})
