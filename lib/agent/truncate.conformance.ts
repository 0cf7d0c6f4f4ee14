import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { splitAtBytes, type TruncateLimits, truncateMiddle, truncateOutput } from './truncate'

interface Fixtures {
  cases: ({ fn: 'formatted' | 'truncate'; content: string; expect: string } & TruncateLimits)[]
  split_string: { s: string; begin: number; end: number; expect: [number, string, string] }[]
}

const folder = process.env.VITRINE_FIXTURES ?? '../shared/fixtures'
const fixtures: Fixtures = JSON.parse(readFileSync(join(folder, 'truncation/cases.json'), 'utf8'))

describe('truncation', () => {
  test.each(fixtures.cases.map((entry, index) => ({ index, entry })))(
    'case $index gives the exact string',
    ({ entry }) => {
      const { fn, content, mode, limit } = entry
      expect((fn === 'formatted' ? truncateOutput : truncateMiddle)(content, { mode, limit })).toBe(entry.expect)
    },
  )

  test.each(fixtures.split_string.map((entry, index) => ({ index, entry })))(
    'split $index keeps whole characters',
    ({ entry }) => {
      const { removedChars, head, tail } = splitAtBytes(entry.s, entry.begin, entry.end)
      expect([removedChars, head, tail]).toEqual(entry.expect)
    },
  )
})
