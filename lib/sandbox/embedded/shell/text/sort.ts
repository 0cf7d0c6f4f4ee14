import type { VirtualFs } from '../../process/host'
import { type CommandContext, failure, pathFrom, type Result } from '../command'
import { openOperand } from './operands'
import { CommandFailure, readToolOptions } from './tool-options'

const kinds = { n: 'number', g: 'float', h: 'human', V: 'version', M: 'month' } as const
type Kind = (typeof kinds)[keyof typeof kinds] | 'text'

const spec = {
  flags: {
    '--numeric-sort': ['-n'],
    '--general-numeric-sort': ['-g'],
    '--human-numeric-sort': ['-h'],
    '--version-sort': ['-V'],
    '--month-sort': ['-M'],
    '--reverse': ['-r'],
    '--unique': ['-u'],
    '--ignore-case': ['-f'],
    '--ignore-leading-blanks': ['-b'],
    '--dictionary-order': ['-d'],
    '--stable': ['-s'],
    '--check': ['-c'],
    '--check=quiet': ['-C'],
    '--zero-terminated': ['-z'],
    '--merge': ['-m'],
    '--random-sort': ['-R'],
  },
  values: { '--key': ['-k'], '--field-separator': ['-t'], '--output': ['-o'] },
}
const longNames: Record<string, string> = {
  '--numeric-sort': 'n',
  '--general-numeric-sort': 'g',
  '--human-numeric-sort': 'h',
  '--version-sort': 'V',
  '--month-sort': 'M',
  '--reverse': 'r',
  '--ignore-case': 'f',
  '--ignore-leading-blanks': 'b',
  '--dictionary-order': 'd',
}

interface Key {
  /** Field and character from 1; a character of 0 is the field's end. */
  start: readonly [number, number]
  end: readonly [number, number] | null
  flags: string
}

/** GNU's `sort` in the C locale, so that `comm`, `join` and `uniq` agree with it. */
export async function sort(fs: VirtualFs, args: readonly string[], context: CommandContext): Promise<Result> {
  try {
    const options = readToolOptions('sort', args, spec, 2)
    const end = options.has('--zero-terminated') ? '\0' : '\n'
    const names = [...options.words, ...(options.paths ?? [])]
    const lines: string[] = []
    for (const name of names.length > 0 ? names : ['-']) lines.push(...(await readLines(context, name, end)))
    const flags = Object.entries(longNames).flatMap(([name, letter]) => (options.has(name) ? [letter] : []))
    const separator = options.value('--field-separator')?.replace(/^\\t$/, '\t').replace(/^\\0$/, '\0')
    const keys = options.all('--key').map((text) => readKey(text, flags.join('')))
    const order = createOrder(keys, flags.join(''), separator)
    const whole = options.has('--stable') || options.has('--unique') ? () => 0 : lastResort(flags.includes('r'))
    const compare = (a: string, b: string) => order(a, b) || whole(a, b)
    if (options.has('--check') || options.has('--check=quiet')) {
      const at = lines.findIndex(
        (line, index) =>
          index > 0 &&
          (options.has('--unique')
            ? order(lines[index - 1] ?? '', line) >= 0
            : compare(lines[index - 1] ?? '', line) > 0),
      )
      if (at === -1) return { stdout: '', stderr: '', exitCode: 0 }
      const stderr = options.has('--check') ? `sort: ${names[0] ?? '-'}:${at + 1}: disorder: ${lines[at]}\n` : ''
      return { stdout: '', stderr, exitCode: 1 }
    }
    if (options.has('--random-sort')) shuffle(lines)
    else lines.sort(compare)
    const kept = options.has('--unique')
      ? lines.filter((line, index) => index === 0 || order(lines[index - 1] ?? '', line) !== 0)
      : lines
    const text = kept.map((line) => line + end).join('')
    const output = options.value('--output')
    if (output === undefined) return { stdout: text, stderr: '', exitCode: 0 }
    fs.writeFile(pathFrom(context, output), text)
    return { stdout: '', stderr: '', exitCode: 0 }
  } catch (error) {
    if (error instanceof CommandFailure) return failure(error.message, error.exitCode)
    throw error
  }
}

/** `shuf [-n <count>] [-e] [-i <low>-<high>]`. */
export async function shuf(args: readonly string[], context: CommandContext): Promise<Result> {
  try {
    const options = readToolOptions('shuf', args, {
      flags: { '--echo': ['-e'] },
      values: { '--head-count': ['-n'], '--input-range': ['-i'] },
    })
    const words = [...options.words, ...(options.paths ?? [])]
    const range = /^(\d+)-(\d+)$/.exec(options.value('--input-range') ?? '')
    const lines = range
      ? Array.from({ length: Math.max(0, Number(range[2]) - Number(range[1]) + 1) }, (_, i) =>
          String(Number(range[1]) + i),
        )
      : options.has('--echo')
        ? words
        : await readLines(context, words[0] ?? '-', '\n')
    shuffle(lines)
    const count = Number(options.value('--head-count') ?? lines.length)
    return {
      stdout: lines
        .slice(0, count)
        .map((line) => `${line}\n`)
        .join(''),
      stderr: '',
      exitCode: 0,
    }
  } catch (error) {
    if (error instanceof CommandFailure) return failure(error.message, error.exitCode)
    throw error
  }
}

function shuffle(lines: string[]): void {
  for (let at = lines.length - 1; at > 0; at--) {
    const other = Math.floor(Math.random() * (at + 1))
    const line = lines[at] ?? ''
    lines[at] = lines[other] ?? ''
    lines[other] = line
  }
}

async function readLines(context: CommandContext, name: string, end: string): Promise<string[]> {
  const operand = await openOperand(context, name)
  if (!operand) throw new CommandFailure(`sort: cannot read: ${name}: No such file or directory`, 2)
  if (operand.kind === 'directory') throw new CommandFailure(`sort: read failed: ${name}: Is a directory`, 2)
  const lines = new TextDecoder('utf-8', { ignoreBOM: true }).decode(operand.bytes).split(end)
  if (lines.at(-1) === '') lines.pop()
  return lines
}

function readKey(text: string, general: string): Key {
  const parts = /^(\d+)(?:\.(\d+))?([bdfgnhirMV]*)(?:,(\d+)(?:\.(\d+))?([bdfgnhirMV]*))?$/.exec(text)
  if (!parts || parts[1] === '0') throw new CommandFailure(`sort: -: invalid field specification '${text}'`, 2)
  const [, field, character, flags = '', endField, endCharacter, endFlags = ''] = parts
  const own = flags + endFlags
  return {
    start: [Number(field), Number(character ?? 1)],
    end: endField === undefined ? null : [Number(endField), Number(endCharacter ?? 0)],
    flags: own === '' ? general : own,
  }
}

const bytewise = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const lastResort = (isReversed: boolean) => (a: string, b: string) => bytewise(a, b) * (isReversed ? -1 : 1)

function createOrder(keys: readonly Key[], flags: string, separator: string | undefined) {
  const used: readonly Key[] = keys.length > 0 ? keys : [{ start: [1, 1], end: null, flags }]
  const parts = used.map((key) => ({
    compare: comparison(kindOf(key.flags)),
    sign: key.flags.includes('r') ? -1 : 1,
    partOf: (line: string) => prepare(keys.length > 0 ? cut(line, key, separator) : line, key.flags),
  }))
  return (a: string, b: string): number => {
    for (const { compare, sign, partOf } of parts) {
      const result = compare(partOf(a), partOf(b))
      if (result !== 0) return result * sign
    }
    return 0
  }
}

function kindOf(flags: string): Kind {
  for (const [letter, kind] of Object.entries(kinds)) if (flags.includes(letter)) return kind
  return 'text'
}

function prepare(text: string, flags: string): string {
  let value = /[bnghMV]/.test(flags) ? text.trimStart() : text
  if (flags.includes('d')) value = value.replaceAll(/[^\p{L}\p{N}\s]/gu, '')
  return flags.includes('f') ? value.toUpperCase() : value
}

/** Without a separator a field begins with the blanks before it. */
function cut(line: string, { start, end, flags }: Key, separator: string | undefined): string {
  const fields = separator === undefined ? (line.match(/[ \t]*[^ \t]+|[ \t]+$/g) ?? []) : line.split(separator)
  const width = separator?.length ?? 0
  const offsetOf = (field: number) => fields.slice(0, field - 1).reduce((sum, text) => sum + text.length + width, 0)
  const blanks = (field: number) =>
    flags.includes('b') ? (/^[ \t]*/.exec(fields[field - 1] ?? '')?.[0].length ?? 0) : 0
  const from = start[0] > fields.length ? line.length : offsetOf(start[0]) + blanks(start[0]) + start[1] - 1
  if (!end) return line.slice(from)
  const to =
    end[1] === 0 ? offsetOf(end[0]) + (fields[end[0] - 1]?.length ?? 0) : offsetOf(end[0]) + blanks(end[0]) + end[1]
  return line.slice(from, Math.max(from, to))
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const units = ['', 'K', 'M', 'G', 'T', 'P', 'E']

function comparison(kind: Kind): (a: string, b: string) => number {
  const by = (measure: (text: string) => number) => (a: string, b: string) => Math.sign(measure(a) - measure(b))
  switch (kind) {
    case 'number':
      return by((text) => Number(/^-?\d*\.?\d*/.exec(text)?.[0] || 0) || 0)
    case 'float':
      return by((text) => {
        const value = Number.parseFloat(text)
        return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value
      })
    case 'human':
      return by((text) => {
        const [, number = '0', unit = ''] = /^(-?\d*\.?\d*)([KMGTPE]?)/i.exec(text) ?? []
        return Number(number) * 1024 ** units.indexOf(unit.toUpperCase())
      })
    case 'month':
      return by((text) => months.indexOf(text.slice(0, 3).toUpperCase()))
    case 'version':
      return byVersion
    case 'text':
      return bytewise
  }
}

function byVersion(a: string, b: string): number {
  const parts = (text: string): string[] => text.match(/\d+|\D+/g) ?? []
  const [left, right] = [parts(a), parts(b)]
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [x, y] = [left[at] ?? '', right[at] ?? '']
    const areNumbers = /^\d/.test(x) && /^\d/.test(y)
    const result = areNumbers ? Math.sign(Number(x) - Number(y)) : bytewise(x, y)
    if (result !== 0) return result
  }
  return 0
}
