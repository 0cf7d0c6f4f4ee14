import { encodeUtf8, fromLatin1, toLatin1 } from '@/lib/base'
import type { VirtualFs } from '../../process/host'
import { bytesResult, type CommandContext, type Commands, failure, pathFrom, type Result, success } from '../command'
import { quote } from '../quote'
import { dd, parseSize } from './dd'
import { du } from './du'
import { openOperand } from './operands'
import { split } from './split'
import { CommandFailure, readToolOptions } from './tool-options'

/** Commands about files and their bytes that just-bash lacks, and options of its own that it lacks. */
export function createFileTools(fs: VirtualFs): Commands {
  return {
    cp: copy,
    dd: (args, context) => dd(fs, args, context),
    df: async (args) => success(diskTable(args.some((word) => /^-[a-z]*h/.test(word)))),
    du: (args, context) => du(fs, args, context),
    iconv: convert,
    install: (args, context) => install(fs, args, context),
    mkdir: (args, context) => makeFolders(fs, args, context),
    mv: (args, context) => original(context, targetLast(args)),
    split: (args, context) => split(fs, args, context),
    stat: (args, context) => stat(fs, args, context),
    truncate: (args, context) => truncate(fs, args, context),
    unlink: async ([name = ''], { exec, cwd }) =>
      exec?.(`rm ${quote(name)}`, { cwd }) ?? failure('unlink: not available here'),
  }
}

function original(context: CommandContext, args: string[]): Promise<Result> {
  if (!context.origCommand) throw new Error('The command has no original.')
  return context.origCommand(args)
}

/** `-t <folder>` goes to the end. */
function targetLast(args: readonly string[]): string[] {
  const at = args.findIndex((word) => word === '-t' || word.startsWith('--target-directory'))
  if (at === -1) return [...args]
  const word = args[at] ?? ''
  const [, given] = /^--target-directory=(.*)$/s.exec(word) ?? []
  const rest = [...args.slice(0, at), ...args.slice(at + (given === undefined ? 2 : 1))]
  return [...rest, given ?? args[at + 1] ?? '']
}

/** `-a` keeps all there is to keep; `-u` leaves out what is not newer. */
async function copy(args: string[], context: CommandContext): Promise<Result> {
  const words = targetLast(args)
  const isShort = (word: string) => /^-[a-zA-Z]+$/.test(word)
  const isUpdate = words.some((word) => word === '--update' || (isShort(word) && word.includes('u')))
  const plain = words
    .map((word) => (isShort(word) ? word.replaceAll(/[adTu]/g, (flag) => (flag === 'a' ? 'rp' : '')) : word))
    .map((word) => (word === '--archive' ? '-rp' : word))
    .filter((word, index) => word !== '--update' && !(word === '-' && isShort(words[index] ?? '')))
  if (!isUpdate) return original(context, plain)
  const names = plain.filter((word) => !word.startsWith('-'))
  const target = pathFrom(context, names.at(-1) ?? '')
  const kept: string[] = []
  for (const name of names.slice(0, -1)) {
    const isFolder = (await context.fs.exists(target)) && (await context.fs.stat(target)).isDirectory
    const goal = isFolder ? `${target}/${name.replace(/^.*\//, '')}` : target
    const source = pathFrom(context, name)
    const isOld =
      (await context.fs.exists(goal)) &&
      (await context.fs.exists(source)) &&
      (await context.fs.stat(source)).mtime <= (await context.fs.stat(goal)).mtime
    if (!isOld) kept.push(name)
  }
  const options = plain.filter((word) => word.startsWith('-'))
  return kept.length > 0 ? original(context, [...options, ...kept, names.at(-1) ?? '']) : success()
}

function diskTable(isHuman: boolean): string {
  const columns = (values: readonly string[]) =>
    values.map((value, at) => (at === 0 ? value.padEnd(15) : value.padStart(10))).join(' ')
  const [size, free] = isHuman ? ['1.0G', '1.0G'] : ['1048576', '1048576']
  const title = columns(['Filesystem', isHuman ? 'Size' : '1K-blocks', 'Used', isHuman ? 'Avail' : 'Available', 'Use%'])
  return `${title} Mounted on\n${columns(['memory', size, '0', free, '0%'])} /\n`
}

/** `iconv -f <encoding> -t <encoding> [<file>…]`: from any that a browser reads, to UTF-8, UTF-16, Latin-1 or ASCII. */
async function convert(args: string[], context: CommandContext): Promise<Result> {
  try {
    const options = readToolOptions('iconv', args, {
      flags: { '-c': [], '--list': ['-l'] },
      values: { '--from-code': ['-f'], '--to-code': ['-t'], '--output': ['-o'] },
    })
    if (options.has('--list')) return success('ASCII\nISO-8859-1\nLATIN1\nUTF-8\nUTF-16\nUTF-16BE\nUTF-16LE\n')
    const from = (options.value('--from-code') ?? 'UTF-8').toLowerCase().replace(/^latin1$/, 'iso-8859-1')
    const to = (options.value('--to-code') ?? 'UTF-8').toLowerCase()
    let text = ''
    for (const name of options.words.length > 0 ? options.words : ['-']) {
      const operand = await openOperand(context, name)
      if (operand?.kind !== 'file') return failure(`iconv: cannot open input file '${name}': No such file or directory`)
      text += decode(operand.bytes, from, options.has('-c'))
    }
    const result = bytesResult(encode(text, to, options.has('-c')))
    const output = options.value('--output')
    if (output === undefined) return result
    await context.fs.writeFile(pathFrom(context, output), fromLatin1(result.stdout))
    return success()
  } catch (error) {
    if (error instanceof CommandFailure) return failure(error.message, error.exitCode)
    throw error
  }
}

function decode(bytes: Uint8Array, from: string, isLenient: boolean): string {
  // What a browser calls Latin-1 is Windows’.
  if (from === 'iso-8859-1') return toLatin1(bytes)
  try {
    return new TextDecoder(from, { fatal: !isLenient, ignoreBOM: from.startsWith('utf-8') }).decode(bytes)
  } catch (error) {
    const isUnknown = error instanceof RangeError
    throw new CommandFailure(
      isUnknown ? `iconv: conversion from '${from}' is not supported` : 'iconv: illegal input sequence',
      1,
    )
  }
}

function encode(text: string, to: string, isLenient: boolean): Uint8Array {
  const [name = '', ...flags] = to.split('//')
  if (/^utf-?8$/.test(name)) return encodeUtf8(text)
  if (/^utf-?16(?:le|be)?$/.test(name)) {
    const isBig = name.endsWith('be')
    const units = name.endsWith('16') ? `\ufeff${text}` : text
    const view = new DataView(new ArrayBuffer(units.length * 2))
    for (let at = 0; at < units.length; at++) view.setUint16(at * 2, units.charCodeAt(at), !isBig)
    return new Uint8Array(view.buffer)
  }
  const limit = /^(?:us-)?ascii$/.test(name) ? 0x7f : /^(?:iso-?8859-1|latin-?1)$/.test(name) ? 0xff : null
  if (limit === null) throw new CommandFailure(`iconv: conversion to '${name}' is not supported`, 1)
  const plain = flags.includes('translit') && limit === 0x7f ? text.normalize('NFD').replaceAll(/\p{Mn}/gu, '') : text
  const letters = [...plain].flatMap((letter) => {
    if ((letter.codePointAt(0) ?? 0) <= limit) return [letter]
    if (flags.includes('translit')) return ['?']
    if (isLenient || flags.includes('ignore')) return []
    throw new CommandFailure('iconv: cannot convert', 1)
  })
  return fromLatin1(letters.join(''))
}

/** `install [-d] [-D] [-m <mode>] <source>… <target>`. */
async function install(fs: VirtualFs, args: string[], context: CommandContext): Promise<Result> {
  try {
    const options = readToolOptions('install', args, {
      flags: { '--directory': ['-d'], '-D': [], '--verbose': ['-v'], '-p': [], '-c': [] },
      values: { '--mode': ['-m'], '--target-directory': ['-t'], '--owner': ['-o'], '--group': ['-g'] },
    })
    const mode = Number.parseInt(options.value('--mode') ?? '755', 8)
    if (Number.isNaN(mode)) return failure(`install: invalid mode '${options.value('--mode')}'`)
    if (options.has('--directory')) {
      for (const name of options.words) fs.mkdir(pathFrom(context, name), { recursive: true })
      return success()
    }
    const into = options.value('--target-directory')
    const names = into === undefined ? options.words.slice(0, -1) : options.words
    const target = pathFrom(context, into ?? options.words.at(-1) ?? '')
    if (names.length === 0) return failure('install: missing file operand')
    const isFolder = into !== undefined || (fs.exists(target) && fs.stat(target).kind === 'directory')
    if (names.length > 1 && !isFolder) return failure(`install: target '${options.words.at(-1)}' is not a directory`)
    for (const name of names) {
      const source = pathFrom(context, name)
      if (!fs.exists(source)) return failure(`install: cannot stat '${name}': No such file or directory`)
      const goal = isFolder ? `${target}/${name.replace(/^.*\//, '')}` : target
      const folder = goal.slice(0, goal.lastIndexOf('/')) || '/'
      if (options.has('-D') || into !== undefined) fs.mkdir(folder, { recursive: true })
      if (!fs.exists(folder)) return failure(`install: cannot create regular file '${goal}': No such file or directory`)
      fs.writeFile(goal, fs.readFile(source))
      fs.chmod(goal, mode)
    }
    return success()
  } catch (error) {
    if (error instanceof CommandFailure) return failure(error.message, error.exitCode)
    throw error
  }
}

/** `-m <mode>`. */
async function makeFolders(fs: VirtualFs, args: string[], context: CommandContext): Promise<Result> {
  const at = args.findIndex((word) => /^-m|^--mode/.test(word))
  if (at === -1) return original(context, args)
  const word = args[at] ?? ''
  const [, attached = ''] = /^(?:-m|--mode=)(.+)$/.exec(word) ?? []
  const mode = Number.parseInt(attached === '' ? (args[at + 1] ?? '') : attached, 8)
  if (Number.isNaN(mode)) return failure(`mkdir: invalid mode '${attached === '' ? args[at + 1] : attached}'`)
  const rest = args.filter((_, index) => index !== at && (attached !== '' || index !== at + 1))
  const result = await original(context, rest)
  if (result.exitCode === 0) for (const name of rest) if (!name.startsWith('-')) fs.chmod(pathFrom(context, name), mode)
  return result
}

/** `stat -c <format>`, with `%h %Y %y %i %U` and more; without a format just-bash tells. */
async function stat(fs: VirtualFs, args: string[], context: CommandContext): Promise<Result> {
  const words = args.flatMap((word) => {
    const [, format] = /^(?:--format=|-c(?=.))(.*)$/s.exec(word) ?? []
    return format === undefined ? [word === '--format' ? '-c' : word] : ['-c', format]
  })
  const at = words.indexOf('-c')
  const names = words.filter((word, index) => !(word.startsWith('-') && word !== '-') && index !== at + 1)
  if (at === -1) return original(context, words)
  const isFollowing = words.some((word) => word === '-L' || word === '--dereference')
  const result = success()
  for (const name of names) {
    const path = pathFrom(context, name)
    try {
      result.stdout += `${formatStat(words[at + 1] ?? '', name, isFollowing ? fs.stat(path) : fs.lstat(path))}\n`
    } catch {
      result.stderr += `stat: cannot statx '${name}': No such file or directory\n`
      result.exitCode = 1
    }
  }
  return result
}

function formatStat(format: string, name: string, facts: ReturnType<VirtualFs['lstat']>): string {
  const { kind, mode, size, mtimeMs, atimeMs, ctimeMs, birthtimeMs, ino, links } = facts
  const seconds = (ms: number) => String(Math.floor(ms / 1000))
  const date = (ms: number) =>
    `${new Date(ms).toISOString().replace('T', ' ').slice(0, 19)}.${String(Math.floor(ms % 1000)).padStart(3, '0')}000000 +0000`
  const kinds = {
    file: size === 0 ? 'regular empty file' : 'regular file',
    directory: 'directory',
    symlink: 'symbolic link',
  }
  const letters = ['r', 'w', 'x']
  const bits = [...(mode & 0o777).toString(2).padStart(9, '0')]
    .map((bit, at) => (bit === '1' ? letters[at % 3] : '-'))
    .join('')
  const values: Record<string, string> = {
    n: name,
    N: `'${name}'`,
    s: String(size),
    b: String(Math.ceil(size / 512)),
    B: '512',
    o: '4096',
    a: (mode & 0o7777).toString(8),
    A: `${{ file: '-', directory: 'd', symlink: 'l' }[kind]}${bits}`,
    f: (mode | { file: 0o100000, directory: 0o040000, symlink: 0o120000 }[kind]).toString(16),
    F: kinds[kind],
    h: String(links),
    i: String(ino),
    u: '1000',
    g: '1000',
    U: 'vitrine',
    G: 'vitrine',
    X: seconds(atimeMs),
    x: date(atimeMs),
    Y: seconds(mtimeMs),
    y: date(mtimeMs),
    Z: seconds(ctimeMs),
    z: date(ctimeMs),
    W: seconds(birthtimeMs),
    w: date(birthtimeMs),
    '%': '%',
  }
  return format.replaceAll(/%([a-zA-Z%])/g, (text, letter: string) => values[letter] ?? text)
}

/** `truncate -s [+-]<size> <file>…`, `-c`, `-r <file>`. */
async function truncate(fs: VirtualFs, args: string[], context: CommandContext): Promise<Result> {
  try {
    const options = readToolOptions('truncate', args, {
      flags: { '--no-create': ['-c'] },
      values: { '--size': ['-s'], '--reference': ['-r'] },
    })
    const [, sign = '', text = ''] = /^([+-]?)(.*)$/.exec(options.value('--size') ?? '') ?? []
    const reference = options.value('--reference')
    const size = reference === undefined ? parseSize(text) : fs.stat(pathFrom(context, reference)).size
    if (size === null) return failure(`truncate: Invalid number: '${options.value('--size') ?? ''}'`)
    if (options.words.length === 0) return failure('truncate: missing file operand')
    for (const name of options.words) {
      const path = pathFrom(context, name)
      if (!fs.exists(path) && options.has('--no-create')) continue
      const before = fs.exists(path) ? fs.readFile(path) : new Uint8Array()
      const length = sign === '+' ? before.byteLength + size : sign === '-' ? before.byteLength - size : size
      const after = new Uint8Array(Math.max(0, length))
      after.set(before.subarray(0, after.byteLength))
      fs.writeFile(path, after)
    }
    return success()
  } catch (error) {
    if (error instanceof CommandFailure) return failure(error.message, error.exitCode)
    throw error
  }
}
