import type { Options } from '../../options'
import type { HunkPaint } from '../../patch-format/format-hunks'
import { type CommandContext, pathFrom, type Result } from '../command'
import { formatColumns, formatNormal, formatUnified } from './diff-formats'
import { compareTexts } from './diff-regions'
import { createNamePattern } from './name-pattern'
import { type Operand, openOperand } from './operands'
import { CommandFailure, readToolOptions } from './tool-options'

const spec = {
  flags: {
    '--brief': ['-q'],
    '--report-identical-files': ['-s'],
    '--recursive': ['-r'],
    '--new-file': ['-N'],
    '--ignore-case': ['-i'],
    '--ignore-all-space': ['-w'],
    '--ignore-space-change': ['-b'],
    '--ignore-trailing-space': ['-Z'],
    '--ignore-blank-lines': ['-B'],
    '--strip-trailing-cr': [],
    '--text': ['-a'],
    '--normal': [],
    '-u': [],
    '--side-by-side': ['-y'],
    '--suppress-common-lines': [],
    '--minimal': ['-d'],
  },
  values: { '-U': [], '--label': ['-L'], '--exclude': ['-x'], '--width': ['-W'] },
  optional: ['--unified', '--color'],
}

/** GNU's `diff`. */
export async function diff(args: readonly string[], context: CommandContext): Promise<Result> {
  try {
    const options = readToolOptions('diff', args, spec, 2)
    const names = [...options.words, ...(options.paths ?? [])]
    const [first, second, extra] = names
    if (first === undefined || second === undefined)
      throw new CommandFailure(`diff: missing operand after '${first ?? 'diff'}'`, 2)
    if (extra !== undefined) throw new CommandFailure(`diff: extra operand '${extra}'`, 2)
    const run: Run = { options, context, args, stdout: '', stderr: '', exitCode: 0, inside: new Set() }
    await compareNames(run, first, second, false)
    return { stdout: run.stdout, stderr: run.stderr, exitCode: run.exitCode }
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error
    return { stdout: '', stderr: `${error.message}\n`, exitCode: error.exitCode }
  }
}

interface Run {
  options: Options
  context: CommandContext
  args: readonly string[]
  stdout: string
  stderr: string
  exitCode: number
  /** The folders that are being compared: a link may lead back to one. */
  inside: Set<string>
}

const note = (run: Run, exitCode: number) => {
  run.exitCode = Math.max(run.exitCode, exitCode)
}
const baseName = (name: string) => name.slice(name.lastIndexOf('/') + 1)
const joined = (folder: string, name: string) => `${folder.replace(/\/$/, '')}/${name}`

async function compareNames(run: Run, first: string, second: string, isInside: boolean): Promise<void> {
  const [left, right] = await Promise.all([openOperand(run.context, first), openOperand(run.context, second)])
  const isNew = run.options.has('--new-file')
  for (const [operand, name] of [[left, first] as const, [right, second] as const]) {
    if (operand || (isNew && (left || right))) continue
    run.stderr += `diff: ${name}: No such file or directory\n`
    note(run, 2)
  }
  if (!left && !right) return
  if ((!left || !right) && !isNew) return
  const empty = (name: string): Operand => ({ kind: 'file', name, bytes: new Uint8Array(), modifiedAt: new Date(0) })
  const [old, now] = [left ?? empty(first), right ?? empty(second)]
  if (old.kind === 'directory' && now.kind === 'directory') {
    if (isInside && !run.options.has('--recursive')) run.stdout += `Common subdirectories: ${first} and ${second}\n`
    else await compareFolders(run, old, now)
  } else if (old.kind === 'file' && now.kind === 'file') compareFiles(run, old, now, isInside)
  else if (isInside) {
    const kindOf = ({ kind }: Operand) => (kind === 'file' ? 'regular file' : 'directory')
    run.stdout += `File ${first} is a ${kindOf(old)} while file ${second} is a ${kindOf(now)}\n`
    note(run, 1)
  } else if (old.kind === 'directory') await compareNames(run, joined(first, baseName(second)), second, false)
  else await compareNames(run, first, joined(second, baseName(first)), false)
}

type Folder = Extract<Operand, { kind: 'directory' }>
type File = Extract<Operand, { kind: 'file' }>

async function compareFolders(run: Run, old: Folder, now: Folder): Promise<void> {
  const { context, inside } = run
  const [place = '', other = ''] = await Promise.all(
    [old, now].map(({ name }) => context.fs.realpath(pathFrom(context, name))),
  )
  const pair = `${place}\0${other}`
  if (inside.has(pair)) {
    run.stderr += `diff: ${now.name}: recursive directory loop\n`
    note(run, 2)
    return
  }
  inside.add(pair)
  const excluded = run.options.all('--exclude').map(createNamePattern)
  const [olds, nows] = [new Set(old.entries), new Set(now.entries)]
  const names = [...new Set([...olds, ...nows])].sort()
  for (const name of names) {
    if (excluded.some((matches) => matches(name))) continue
    const [isOld, isNow] = [olds.has(name), nows.has(name)]
    if ((isOld && isNow) || run.options.has('--new-file')) {
      await compareNames(run, joined(old.name, name), joined(now.name, name), true)
    } else {
      run.stdout += `Only in ${(isOld ? old : now).name.replace(/\/$/, '')}: ${name}\n`
      note(run, 1)
    }
  }
  inside.delete(pair)
}

const plain: HunkPaint = { red: (text) => text, green: (text) => text, cyan: (text) => text }
const coloured = (code: number) => (text: string) => `\x1b[${code}m${text}\x1b[0m`

function compareFiles(run: Run, old: File, now: File, isInside: boolean): void {
  const { options } = run
  const isBinary = (old.bytes.includes(0) || now.bytes.includes(0)) && !options.has('--text')
  const textOf = ({ bytes }: File) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  const [before, after] = [textOf(old), textOf(now)]
  const comparison = compareTexts(before, after, options)
  const isSame = isBinary ? before === after : comparison.regions.length === comparison.ignored.size
  if (isSame) {
    if (options.has('--report-identical-files')) run.stdout += `Files ${old.name} and ${now.name} are identical\n`
    if (!options.has('--side-by-side')) return
  } else note(run, 1)
  if (options.has('--brief')) {
    if (!isSame) run.stdout += `Files ${old.name} and ${now.name} differ\n`
    return
  }
  if (isBinary) {
    run.stdout += `Binary files ${old.name} and ${now.name} differ\n`
    return
  }
  const paint: HunkPaint =
    options.value('--color') === 'always' ? { red: coloured(31), green: coloured(32), cyan: coloured(36) } : plain
  if (isInside)
    run.stdout += `diff ${[...run.args.filter((word) => word.startsWith('-')), old.name, now.name].join(' ')}\n`
  const lines = options.value('-U') ?? options.value('--unified')
  if (options.has('--side-by-side')) {
    const width = Number(options.value('--width') ?? 130)
    run.stdout += formatColumns(comparison, { width, showsCommon: !options.has('--suppress-common-lines') })
  } else if (options.has('-u') || lines !== undefined) {
    const labels = options.all('--label')
    const head = (file: File, label: string | undefined) => label ?? `${file.name}\t${timeOf(file.modifiedAt)}`
    run.stdout += `--- ${head(old, labels[0])}\n+++ ${head(now, labels[1])}\n`
    run.stdout += formatUnified(comparison, Number(lines || 3), paint)
  } else run.stdout += formatNormal(comparison, paint)
}

function timeOf(date: Date): string {
  const [day, time] = date.toISOString().split('T') as [string, string]
  return `${day} ${time.slice(0, -1)}000000 +0000`
}

/** `cmp [-s] <file> <file>`. */
export async function cmp(args: readonly string[], context: CommandContext): Promise<Result> {
  try {
    const options = readToolOptions('cmp', args, { flags: { '--silent': ['-s', '--quiet'], '--verbose': ['-l'] } }, 2)
    const [first = '-', second = '-'] = [...options.words, ...(options.paths ?? [])]
    const [left, right] = await Promise.all([first, second].map((name) => openOperand(context, name)))
    for (const [operand, name] of [[left, first] as const, [right, second] as const]) {
      if (!operand) throw new CommandFailure(`cmp: ${name}: No such file or directory`, 2)
      if (operand.kind === 'directory') throw new CommandFailure(`cmp: ${name}: Is a directory`, 2)
    }
    return compareBytes(left as File, right as File, options)
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error
    return { stdout: '', stderr: `${error.message}\n`, exitCode: error.exitCode }
  }
}

function compareBytes(left: File, right: File, options: Options): Result {
  const length = Math.min(left.bytes.byteLength, right.bytes.byteLength)
  const octal = (byte: number | undefined) => (byte ?? 0).toString(8).padStart(3)
  let line = 1
  let stdout = ''
  for (let at = 0; at < length; at++) {
    if (left.bytes[at] !== right.bytes[at]) {
      if (options.has('--silent')) return { stdout: '', stderr: '', exitCode: 1 }
      if (!options.has('--verbose'))
        return { stdout: `${left.name} ${right.name} differ: byte ${at + 1}, line ${line}\n`, stderr: '', exitCode: 1 }
      stdout += `${at + 1} ${octal(left.bytes[at])} ${octal(right.bytes[at])}\n`
    }
    if (left.bytes[at] === 10) line += 1
  }
  if (left.bytes.byteLength === right.bytes.byteLength) return { stdout, stderr: '', exitCode: stdout === '' ? 0 : 1 }
  const shorter = left.bytes.byteLength < right.bytes.byteLength ? left : right
  const where = left.bytes[length - 1] === 10 || right.bytes[length - 1] === 10 ? `line ${line - 1}` : `in line ${line}`
  const place =
    length === 0 ? ' which is empty' : ` after byte ${length}${options.has('--verbose') ? '' : `, ${where}`}`
  const stderr = options.has('--silent') ? '' : `cmp: EOF on ${shorter.name}${place}\n`
  return { stdout, stderr, exitCode: 1 }
}
