import { type CommandContext, type Commands, failure, inputOf, type Result, success } from '../command'
import { CommandFailure, readToolOptions } from './tool-options'

/** `factor`, `numfmt` and `tsort`. */
export const numberCommands: Commands = { factor, numfmt, tsort }

const wordsOf = (args: readonly string[], context: CommandContext) =>
  args.length > 0 ? [...args] : new TextDecoder().decode(inputOf(context)).split(/\s+/).filter(Boolean)

async function factor(args: string[], context: CommandContext): Promise<Result> {
  const result = success()
  for (const word of wordsOf(args, context)) {
    if (/^\+?\d+$/.test(word) && Number.isSafeInteger(Number(word))) {
      const primes = factorsOf(Number(word)).map((prime) => ` ${prime}`)
      result.stdout += `${word}:${primes.join('')}\n`
    } else {
      const isLarge = /^\+?\d+$/.test(word)
      result.stderr += `factor: '${word}' is ${isLarge ? 'too large here (up to 2^53)' : 'not a valid positive integer'}\n`
      result.exitCode = 1
    }
  }
  return result
}

function factorsOf(number: number): number[] {
  const primes: number[] = []
  let left = number
  for (let prime = 2; prime * prime <= left; prime += prime === 2 ? 1 : 2) {
    while (left % prime === 0) {
      primes.push(prime)
      left /= prime
    }
  }
  return left > 1 ? [...primes, left] : primes
}

const letters = 'KMGTPEZY'

/** `numfmt --to=iec|si|iec-i --from=… [--suffix=<text>] [--field=<number>] [--padding=<width>] [<number>…]`. */
async function numfmt(args: string[], context: CommandContext): Promise<Result> {
  try {
    const options = readToolOptions('numfmt', args, {
      flags: { '--grouping': [] },
      values: { '--to': [], '--from': [], '--suffix': [], '--field': [], '--padding': [], '--delimiter': ['-d'] },
    })
    const field = Number(options.value('--field') ?? 1)
    const lines = options.words.length > 0 ? options.words : inputLines(context)
    const convert = (word: string) => {
      const value = parse(word, options.value('--from'))
      const text = format(value, options.value('--to')) + (options.value('--suffix') ?? '')
      return text.padStart(Number(options.value('--padding') ?? 0))
    }
    const separator = options.value('--delimiter')
    const rows = lines.map((line) => {
      const parts = separator === undefined ? line.split(/(?<=\s)(?=\S)/) : line.split(separator)
      const part = parts[field - 1]
      if (part !== undefined) parts[field - 1] = part.replace(/\S+/, convert)
      return parts.join(separator ?? '')
    })
    return success(rows.map((row) => `${row}\n`).join(''))
  } catch (error) {
    if (error instanceof CommandFailure) return failure(error.message, error.exitCode)
    throw error
  }
}

function inputLines(context: CommandContext): string[] {
  return new TextDecoder().decode(inputOf(context)).replace(/\n$/, '').split('\n')
}

function parse(word: string, unit: string | undefined): number {
  const [, digits, letter = '', mark = ''] = /^(-?\d+(?:\.\d+)?)([KMGTPEZY]?)(i?)$/i.exec(word) ?? []
  if (digits === undefined) throw new CommandFailure(`numfmt: invalid number: '${word}'`, 2)
  const power = letter === '' ? 0 : letters.indexOf(letter.toUpperCase()) + 1
  if (power > 0 && unit === undefined)
    throw new CommandFailure(`numfmt: rejecting suffix in input: '${word}' (consider using --from)`, 2)
  const base = unit === 'si' || (unit === 'auto' && mark === '') ? 1000 : 1024
  return Number(digits) * (power > 0 ? base ** power : 1)
}

function format(value: number, unit: string | undefined): string {
  if (unit === undefined || unit === 'none') return String(value)
  const base = unit === 'si' ? 1000 : 1024
  let power = 0
  let left = Math.abs(value)
  while (left >= base) {
    left /= base
    power += 1
  }
  // Away from zero, as numfmt rounds.
  let rounded = power === 0 ? left : left < 10 ? Math.ceil(left * 10) / 10 : Math.ceil(left)
  if (rounded >= base) {
    rounded /= base
    power += 1
  }
  const sign = value < 0 ? '-' : ''
  const digits = power > 0 && rounded < 10 ? rounded.toFixed(1) : String(rounded)
  return `${sign}${digits}${power > 0 ? letters[power - 1] : ''}${power > 0 && unit === 'iec-i' ? 'i' : ''}`
}

async function tsort(args: string[], context: CommandContext): Promise<Result> {
  const name = args.find((word) => !word.startsWith('-'))
  const text =
    name === undefined
      ? new TextDecoder().decode(inputOf(context))
      : await context.fs.readFile(context.fs.resolvePath(context.cwd, name))
  const words = text.split(/\s+/).filter(Boolean)
  if (words.length % 2 === 1) return failure('tsort: input contains an odd number of tokens')
  const before = new Map<string, Set<string>>()
  for (const word of words) if (!before.has(word)) before.set(word, new Set())
  for (let at = 0; at < words.length; at += 2)
    if (words[at] !== words[at + 1]) before.get(words[at + 1] ?? '')?.add(words[at] ?? '')
  const result = success()
  while (before.size > 0) {
    const free = [...before].find(([, needs]) => [...needs].every((need) => !before.has(need)))?.[0]
    if (free === undefined && result.exitCode === 0) {
      result.stderr = `tsort: input contains a loop:\n${[...before.keys()].map((word) => `tsort: ${word}\n`).join('')}`
      result.exitCode = 1
    }
    const word = free ?? [...before.keys()][0] ?? ''
    result.stdout += `${word}\n`
    before.delete(word)
  }
  return result
}
