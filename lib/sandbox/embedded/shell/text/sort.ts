import { encodeUtf8, fromLatin1, toLatin1 } from '@/lib/base'
import type { VirtualFs } from '../../process/host'
import { bytesResult, type CommandContext, failure, pathFrom, type Result } from '../command'
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

/** GNU's `sort` in the C locale, so that `comm`, `join` and `uniq` agree with it: a character of a line is a byte. */
export async function sort(fs: VirtualFs, args: readonly string[], context: CommandContext): Promise<Result> {
  try {
    const options = readToolOptions('sort', args, spec, 2)
    const end = options.has('--zero-terminated') ? '\0' : '\n'
    const names = [...options.words, ...(options.paths ?? [])]
    const parts: string[][] = []
    for (const name of names.length > 0 ? names : ['-']) parts.push(await readLines(context, name, end))
    const flags = Object.entries(longNames).flatMap(([name, letter]) => (options.has(name) ? [letter] : []))
    const given = options.value('--field-separator')?.replace(/^\\t$/, '\t').replace(/^\\0$/, '\0')
    const separator = given === undefined ? undefined : asBytes(given)
    const keys = options.all('--key').map((text) => readKey(text, flags.join('')))
    const { toRow, order } = createOrder(keys, flags.join(''), separator)
    const rows = parts.flat().map(toRow)
    const whole = options.has('--stable') || options.has('--unique') ? () => 0 : lastResort(flags.includes('r'))
    const compare = (a: Row, b: Row) => order(a, b) || whole(a.line, b.line)
    const isAfter = (row: Row, index: number, accept: (previous: Row, row: Row) => boolean) => {
      const previous = rows[index - 1]
      return previous !== undefined && accept(previous, row)
    }
    if (options.has('--check') || options.has('--check=quiet')) {
      const isDisorder = (a: Row, b: Row) => (options.has('--unique') ? order(a, b) >= 0 : compare(a, b) > 0)
      const at = rows.findIndex((row, index) => isAfter(row, index, isDisorder))
      if (at === -1) return { stdout: '', stderr: '', exitCode: 0 }
      const line = new TextDecoder().decode(fromLatin1(rows[at]?.line ?? ''))
      const stderr = options.has('--check') ? `sort: ${names[0] ?? '-'}:${at + 1}: disorder: ${line}\n` : ''
      return { stdout: '', stderr, exitCode: 1 }
    }
    if (options.has('--random-sort')) shuffle(rows)
    else rows.sort(compare)
    const isSame = (a: Row, b: Row) => order(a, b) === 0
    const kept = options.has('--unique') ? rows.filter((row, index) => !isAfter(row, index, isSame)) : rows
    const bytes = fromLatin1(kept.map(({ line }) => line + end).join(''))
    const output = options.value('--output')
    if (output === undefined) return bytesResult(bytes)
    fs.writeFile(pathFrom(context, output), bytes)
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
        ? words.map(asBytes)
        : await readLines(context, words[0] ?? '-', '\n')
    shuffle(lines)
    const count = Number(options.value('--head-count') ?? lines.length)
    return bytesResult(
      fromLatin1(
        lines
          .slice(0, count)
          .map((line) => `${line}\n`)
          .join(''),
      ),
    )
  } catch (error) {
    if (error instanceof CommandFailure) return failure(error.message, error.exitCode)
    throw error
  }
}

function shuffle<Item>(items: Item[]): void {
  for (let at = items.length - 1; at > 0; at--) {
    const other = Math.floor(Math.random() * (at + 1))
    const item = items[at] as Item
    items[at] = items[other] as Item
    items[other] = item
  }
}

const asBytes = (text: string) => toLatin1(encodeUtf8(text))

async function readLines(context: CommandContext, name: string, end: string): Promise<string[]> {
  const operand = await openOperand(context, name)
  if (!operand) throw new CommandFailure(`sort: cannot read: ${name}: No such file or directory`, 2)
  if (operand.kind === 'directory') throw new CommandFailure(`sort: read failed: ${name}: Is a directory`, 2)
  const lines = toLatin1(operand.bytes).split(end)
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

/** A line with what it is compared by, which is found once. */
interface Row {
  line: string
  values: readonly Value[]
}
type Value = string | number

const ascending = (a: Value, b: Value) => (a < b ? -1 : a > b ? 1 : 0)
const lastResort = (isReversed: boolean) => (a: string, b: string) => ascending(a, b) * (isReversed ? -1 : 1)

function createOrder(keys: readonly Key[], flags: string, separator: string | undefined) {
  const used: readonly Key[] = keys.length > 0 ? keys : [{ start: [1, 1], end: null, flags }]
  const parts = used.map((key) => {
    const kind = kindOf(key.flags)
    const measure = measures[kind]
    return {
      compare: kind === 'version' ? byVersion : ascending,
      sign: key.flags.includes('r') ? -1 : 1,
      measureOf: (line: string) => measure(prepare(keys.length > 0 ? cut(line, key, separator) : line, key.flags)),
    }
  })
  return {
    toRow: (line: string): Row => ({ line, values: parts.map(({ measureOf }) => measureOf(line)) }),
    order(a: Row, b: Row): number {
      for (const [index, { compare, sign }] of parts.entries()) {
        const result = compare(a.values[index] ?? '', b.values[index] ?? '')
        if (result !== 0) return result * sign
      }
      return 0
    },
  }
}

function kindOf(flags: string): Kind {
  for (const [letter, kind] of Object.entries(kinds)) if (flags.includes(letter)) return kind
  return 'text'
}

function prepare(text: string, flags: string): string {
  let value = /[bnghMV]/.test(flags) ? text.replace(/^[ \t]+/, '') : text
  if (flags.includes('d')) value = value.replaceAll(/[^A-Za-z0-9 \t]/g, '')
  return flags.includes('f') ? value.replaceAll(/[a-z]+/g, (letters) => letters.toUpperCase()) : value
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

const measures: Record<Kind, (text: string) => Value> = {
  number: (text) => Number(/^-?\d*\.?\d*/.exec(text)?.[0] || 0) || 0,
  float(text) {
    const value = Number.parseFloat(text)
    return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value
  },
  human(text) {
    const [, number = '0', unit = ''] = /^(-?\d*\.?\d*)([KMGTPE]?)/i.exec(text) ?? []
    return (Number(number) || 0) * 1024 ** units.indexOf(unit.toUpperCase())
  },
  month: (text) => months.indexOf(text.slice(0, 3).toUpperCase()),
  version: (text) => text,
  text: (text) => text,
}

function byVersion(a: Value, b: Value): number {
  const parts = (text: Value): string[] => String(text).match(/\d+|\D+/g) ?? []
  const [left, right] = [parts(a), parts(b)]
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [x, y] = [left[at] ?? '', right[at] ?? '']
    const areNumbers = /^\d/.test(x) && /^\d/.test(y)
    const result = areNumbers ? Math.sign(Number(x) - Number(y)) : ascending(x, y)
    if (result !== 0) return result
  }
  return 0
}
