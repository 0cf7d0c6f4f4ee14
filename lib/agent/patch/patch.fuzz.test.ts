import { describe, expect, test } from 'vitest'
import { applyPatch, patchProgress } from './index'

/** mulberry32: the same numbers for the same seed, everywhere. */
function createRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const alphabet = ['', '  ', 'a', 'b();', '  c = 1', '\treturn "d"', '}', 'é — “e”', '- f', '+ g', '@@ h', '*** i']

/** A file of lines that occur once each, and an edit of it as a well-formed patch. */
function randomEdit(seed: number) {
  const random = createRandom(seed)
  const ending = random(3) === 0 ? '\r\n' : '\n'
  const line = (index: number) => `${alphabet[random(alphabet.length)]} #${index}`
  const before = Array.from({ length: 1 + random(30) }, (_, index) => line(index))
  const after: string[] = []
  const body: string[] = []
  let kept = Number.POSITIVE_INFINITY
  for (const [index, text] of before.entries()) {
    const change = random(6)
    if (change > 1) {
      after.push(text)
      body.push(` ${text}`)
      kept += 1
      continue
    }
    if (kept > 8) body.push(`@@`, ...before.slice(Math.max(0, index - 3), index).map((context) => ` ${context}`))
    body.push(`-${text}`)
    const added = change === 0 ? [`${text} new`, ...(random(2) === 0 ? [line(index + 100)] : [])] : []
    after.push(...added)
    body.push(...added.map((fresh) => `+${fresh}`))
    kept = 0
  }
  const patch = ['*** Begin Patch', '*** Update File: f', ...withoutLooseContext(body), '*** End Patch', ''].join('\n')
  const text = (lines: string[]) => lines.map((entry) => entry + ending).join('')
  return { before: text(before), after: text(after), patch }
}

/** Context before the first header and runs repeated after one would overlap: kept lines between chunks are left out. */
function withoutLooseContext(body: readonly string[]): string[] {
  const out: string[] = []
  for (const [index, line] of body.entries()) {
    const nextHeader = body.indexOf('@@', index)
    const isBeforeHeader =
      line.startsWith(' ') && nextHeader !== -1 && !body.slice(index, nextHeader).some((l) => /^[-+]/.test(l))
    if (!isBeforeHeader) out.push(line)
  }
  return out
}

const seeds = Array.from({ length: 40 }, (_, index) => 1000 + index)

describe('patches made by chance', () => {
  test.each(seeds)('give the edited file in both modes (seed %i)', (seed) => {
    for (let round = 0; round < 10; round++) {
      const { before, after, patch } = randomEdit(seed * 100 + round)
      if (before === after) continue
      for (const mode of ['strict', 'lenient'] as const) {
        const result = applyPatch(new Map([['f', before]]), patch, { mode })
        expect(result.ok ? result.files.get('f') : result.message).toBe(after)
      }
    }
  })

  test.each(seeds)('never throw or half apply when damaged (seed %i)', (seed) => {
    const random = createRandom(seed)
    for (let round = 0; round < 50; round++) {
      const { before, patch } = randomEdit(seed * 100 + round)
      const lines = patch.split('\n')
      lines.splice(random(lines.length), random(3), ...['@@', '*** End of File', '```', '+', ' x'].slice(random(5)))
      const damaged = lines.join('\n').slice(random(10), -1 - random(10))
      const files = new Map([['f', before]])
      for (const mode of ['strict', 'lenient'] as const) {
        const result = applyPatch(files, damaged, { mode })
        if (!result.ok) expect(result.message).not.toBe('')
        if (!result.ok && mode === 'lenient') expect(result.files).toBe(files)
      }
      expect(files).toEqual(new Map([['f', before]]))
    }
  })

  test.each(seeds)('show progress that only grows while they are written (seed %i)', (seed) => {
    const { patch } = randomEdit(seed)
    let last = 0
    for (let end = 0; end <= patch.length; end++) {
      const now = patchProgress(patch.slice(0, end)).reduce((sum, file) => sum + 1 + file.additions + file.deletions, 0)
      expect(now).toBeGreaterThanOrEqual(last)
      last = now
    }
    expect(last).toBe(1 + patch.split('\n').filter((line) => /^[-+]/.test(line)).length)
  })
})
