import { describe, expect, it } from 'vitest'
import { createRawModeReader, rawModeMark } from './raw-mode'

describe('marks of raw mode', () => {
  it('are told from what is shown, however the output is cut', () => {
    const output = `a\x1b[31m${rawModeMark(true)}b\x1b[0m${rawModeMark(false)}c`
    for (let cut = 0; cut <= output.length; cut++) {
      const read = createRawModeReader()
      const parts = [...read(output.slice(0, cut)), ...read(output.slice(cut))]
      expect(parts.filter((part) => typeof part === 'string').join('')).toBe('a\x1b[31mb\x1b[0mc')
      expect(parts.filter((part) => typeof part === 'boolean')).toEqual([true, false])
    }
  })

  it('that are none stay text', () => {
    const forged = '\x1b]697;tty;{"raw":1}\x07'
    expect(createRawModeReader()(`${forged}x`)).toEqual([`${forged}x`])
  })
})
