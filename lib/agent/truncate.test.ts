import { expect, test } from 'vitest'
import { truncateMiddle, truncateOutput } from './truncate'

test('leaves an output within the limit alone', () => {
  expect(truncateOutput('all of it\n', { mode: 'bytes', limit: 10 })).toBe('all of it\n')
})

test('says how long a cut output was', () => {
  const cut = truncateOutput('one\ntwo\nthree\n', { mode: 'bytes', limit: 4 })
  expect(cut).toBe(
    'Warning: truncated output (original token count: 4)\nTotal output lines: 3\n\non…10 chars truncated…e\n',
  )
})

test('never breaks a character, whatever the limit', () => {
  const text = 'aé€😀'.repeat(20)
  for (let limit = 0; limit < 200; limit++) {
    expect(truncateMiddle(text, { mode: 'bytes', limit })).not.toContain('\ufffd')
  }
})

test('keeps 40,000 bytes of a tool output by default', () => {
  const cut = truncateOutput('x'.repeat(100_000))
  expect(cut.match(/x/g)).toHaveLength(40_000)
  expect(cut).toContain('…15000 tokens truncated…')
})
