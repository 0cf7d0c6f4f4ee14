// biome-ignore-all lint/suspicious/noControlCharactersInRegex: control characters are what is checked
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createTerminalFilter, sanitizeTerminal } from './terminal'

it.each([
  ['plain text with tabs\tand é 漢字 😀\r\n', 'plain text with tabs\tand é 漢字 😀\r\n'],
  ['\u001b[1;31mred\u001b[0m', '\u001b[1;31mred\u001b[0m'],
  ['\u001b[38;5;8mgrey\u001b[m', '\u001b[38;5;8mgrey\u001b[m'],
  ['50%\r\u001b[2K100%', '50%\r\u001b[2K100%'],
  ['\u001b[8mhidden\u001b[0m', 'hidden\u001b[0m'],
  ['\u001b[1;08mhidden', '\u001b[1mhidden'],
  ['\u001b]0;title\u0007after', 'after'],
  ['\u001b]8;;https://evil.example\u001b\\link\u001b]8;;\u001b\\', 'link'],
  ['\u001b]52;c;QQ==\nnext line', '\nnext line'],
  ['\u001bP$q"p\u001b\\x', 'x'],
  ['\u001b[6n\u001b[c\u001b[>q\u001b[21tx', 'x'],
  ['\u001b[1A\u001b[2J\u001b[H\u001b[?1049hx', 'x'],
  ['\u001b[999999999bx', 'x'],
  ['\u009b6nx\u009d0;t\u009cy', 'xy'],
  ['\u0007\u0000\u007fx', 'x'],
  ['\u001b(Bx\u001bcy', 'xy'],
  ['\u202egnp.exe', '‹U+202E›gnp.exe'],
  ['a\u{e0041}b', 'a‹U+E0041›b'],
  ['\u001b[31\u001b]0;x\u0007mz', 'mz'],
])('turns %j into %j', (input, output) => expect(sanitizeTerminal(input)).toBe(output))

it('cuts a line of 20 MB without stalling', () => {
  // Work that grows with the square of the length would meet the time limit of every test.
  expect(sanitizeTerminal('é…'.repeat(10_000_000)).length).toBeLessThan(17_000)
})

const hostile = fc.string({
  unit: fc.constantFrom(
    '\u001b',
    '[',
    ']',
    'm',
    'K',
    '8',
    ';',
    '\u0007',
    '\\',
    '\n',
    'a',
    '\u009b',
    'P',
    '\u202e',
    '😀',
  ),
})

it('gives the same text however the output is split', () => {
  fc.assert(
    fc.property(hostile, fc.array(fc.nat(40)), (text, cuts) => {
      const chars = [...text]
      const filter = createTerminalFilter()
      let at = 0
      let pieces = ''
      for (const cut of [...cuts].sort((a, b) => a - b)) {
        pieces += filter.push(chars.slice(at, Math.max(at, cut)).join(''))
        at = Math.max(at, cut)
      }
      expect(pieces + filter.push(chars.slice(at).join(''))).toBe(sanitizeTerminal(text))
    }),
  )
})

it('emits no control but tab, LF, CR, BS, colours and erase-line', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const rest = sanitizeTerminal(text).replace(/\u001b\[(?:[\d;:]*m|[0-2]?K)/g, '')
      expect(rest).not.toMatch(/[\u0000-\u0007\u000b-\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e]/)
    }),
  )
})

it.each([
  ['moves up within its own lines', 'a\nb\n\u001b[2Ac', 'a\nb\n\u001b[2Ac'],
  ['no further up than it has written', 'a\n\u001b[9Ab', 'a\n\u001b[1Ab'],
  ['not above its first line', '\u001b[Aa', 'a'],
  ['up again only over what is left', 'a\nb\n\u001b[2A\u001b[2Ac', 'a\nb\n\u001b[2Ac'],
  ['over a line that the terminal has wrapped', `${'x'.repeat(25)}\u001b[5Aa`, `${'x'.repeat(25)}\u001b[2Aa`],
  ['to a column', 'ab\u001b[1G\u001b[2Cc\u001b[1D', 'ab\u001b[1G\u001b[2Cc\u001b[1D'],
  ['and erases below', 'a\n\u001b[1A\u001b[0Jb', 'a\n\u001b[1A\u001b[Jb'],
  ['down again to where it was', 'a\nb\n\u001b[2A\u001b[9Bc\u001b[2Ad', 'a\nb\n\u001b[2A\u001b[2Bc\u001b[2Ad'],
  ['and hides the cursor', '\u001b[?25la\u001b[?25h', '\u001b[?25la\u001b[?25h'],
  ['and clears no more than its own lines', 'a\nb\n\u001b[2J\u001b[Hc', 'a\nb\n\u001b[2A\r\u001b[J\rc'],
  ['never to a place or screen of its choice', '\u001b[5;9H\u001b[3J\u001b[?1049h\u001b[s\u001b[ua', 'a'],
])('of a program in the terminal: %s', (_claim, input, output) => {
  expect(createTerminalFilter({ columns: () => 10 }).push(input)).toBe(output)
})

it('keeps the lines of one program from the next', () => {
  const filter = createTerminalFilter({ columns: () => 10 })
  filter.push('1 failed\n')
  filter.begin()
  expect(filter.push('\u001b[1Aall passed')).toBe('all passed')
})
