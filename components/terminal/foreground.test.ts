import { describe, expect, it } from 'vitest'
import { rawModeMark } from '@/lib/sandbox/embedded/raw-mode'
import { createForeground } from './foreground'

function open() {
  const written: string[] = []
  const sent: string[] = []
  let interrupts = 0
  const foreground = createForeground({
    write: (text) => written.push(text),
    clear: () => undefined,
    size: () => ({ columns: 80, rows: 24 }),
  })
  const child = {
    write: (data: string | Uint8Array) => void sent.push(String(data)),
    closeStdin: () => void sent.push('<end>'),
  }
  return {
    foreground,
    type: (data: string) => foreground.input(data, child, () => (interrupts += 1)),
    shown: () => written.join(''),
    sent,
    interrupts: () => interrupts,
  }
}

describe('what is typed for a program', () => {
  it('is shown and sent line by line', () => {
    const { type, shown, sent } = open()
    for (const key of ['y', 'e', 'a', '\x7f', 's', '\r']) type(key)
    expect(sent).toEqual(['yes\n'])
    expect(shown()).toBe('yea\b \bs\r\n')
  })

  it('can be an earlier line, found with the arrow keys', () => {
    const { type, shown, sent } = open()
    for (const keys of ['1+1\r', '2\r', '\x1b[A', '\x1b[A', '\r', '\x1b[C', '\x1b[A', '\x1b[B', 'x\r']) type(keys)
    expect(sent).toEqual(['1+1\n', '2\n', '1+1\n', 'x\n'])
    expect(shown()).toBe(`1+1\r\n2\r\n2\b \b1+1\r\n1+1${'\b \b'.repeat(3)}x\r\n`)
  })

  it('goes key by key, unseen, to one that asks for keys', () => {
    const { foreground, type, shown, sent } = open()
    foreground.show('stdout', `${rawModeMark(true)}Pick one`)
    for (const key of ['\x1b[B', '\r', '\x04']) type(key)
    expect(sent).toEqual(['\x1b[B', '\r', '\x04'])
    expect(shown()).toBe('Pick one')
  })

  it('is a line again when the program says so, and when it ends', () => {
    const { foreground, type, sent } = open()
    foreground.show('stdout', rawModeMark(true))
    foreground.show('stdout', rawModeMark(false))
    type('a\r')
    foreground.show('stdout', rawModeMark(true))
    foreground.finish()
    type('b\r')
    expect(sent).toEqual(['a\n', 'b\n'])
  })

  it('leaves Ctrl+C to a program that asks for keys, until it is pressed three times in a row', () => {
    const { foreground, type, sent, interrupts } = open()
    foreground.show('stdout', rawModeMark(true))
    type('\x03')
    type('\x03')
    expect(interrupts()).toBe(0)
    type('\x03')
    expect(interrupts()).toBe(1)
    expect(sent).toEqual(['\x03', '\x03', '\x03'])
  })
})

describe('what a program shows', () => {
  it('can be redrawn by it, but not by the next', () => {
    const { foreground, shown } = open()
    foreground.show('stdout', 'one\ntwo\n\x1b[2A\x1b[J')
    expect(shown()).toContain('\x1b[2A\x1b[J')
    foreground.finish()
    foreground.show('stdout', '\x1b[2Aoverwritten')
    expect(shown().endsWith('overwritten')).toBe(true)
    expect(shown().split('\x1b[2A')).toHaveLength(2)
  })
})
