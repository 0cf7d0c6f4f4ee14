// biome-ignore-all lint/suspicious/noControlCharactersInRegex: control characters are what is checked
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sanitizeTerminal } from './terminal'

const file = join(process.env.VITRINE_FIXTURES ?? '../shared/fixtures', 'safety/terminal-escapes.jsonl')
const rows = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { id: string; text: string; expect: string })

it('has all 22 hostile outputs', () => expect(rows).toHaveLength(22))

it.each(rows.map((row) => [row.id, row.expect, row.text] as const))('%s: %s', (id, _expectation, text) => {
  const started = performance.now()
  const output = sanitizeTerminal(text)
  expect(performance.now() - started).toBeLessThan(50)
  const rest = output.replace(/\u001b\[(?:[\d;:]*m|[0-2]?K)/g, '')
  expect(rest).not.toMatch(/[\u0000-\u0007\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e]/)
  expect(output).not.toMatch(/\u001b\[(?:[\d;]*;)?0*8m/)
  if (id === 'hidden-text') expect(output).toContain('rm -rf /')
  if (id === 'overwrite') expect(output).toContain('1 failed')
  if (id === 'bidi') expect(output).toContain('U+202E')
  if (id === '10MB-line') expect(output.length).toBeLessThan(20_000)
  if (id.startsWith('osc') || id === 'title') expect(output).not.toMatch(/evil\.example|javascript:|Saved OK|cm0g/)
})
