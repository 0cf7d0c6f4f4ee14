import { decodeUtf8, messageOf } from '@/lib/base'
import type { Options } from '../../options'
import { createMatcher, type PatternSyntax } from '../../posix-regex'
import type { VirtualFs } from '../../process/host'
import { type CommandContext, inputOf, pathFrom, type Result } from '../command'
import { createNamePattern } from './name-pattern'
import { CommandFailure, readToolOptions } from './tool-options'

const spec = {
  flags: {
    '--ignore-case': ['-i', '-y'],
    '--no-ignore-case': [],
    '--invert-match': ['-v'],
    '--word-regexp': ['-w'],
    '--line-regexp': ['-x'],
    '--count': ['-c'],
    '--files-with-matches': ['-l'],
    '--files-without-match': ['-L'],
    '--only-matching': ['-o'],
    '--quiet': ['-q', '--silent'],
    '--no-messages': ['-s'],
    '--byte-offset': ['-b'],
    '--with-filename': ['-H'],
    '--no-filename': ['-h'],
    '--line-number': ['-n'],
    '--null': ['-Z'],
    '--null-data': ['-z'],
    '--text': ['-a'],
    '--recursive': ['-r'],
    '--dereference-recursive': ['-R'],
    '--initial-tab': ['-T'],
    '--binary': ['-U'],
    '--line-buffered': [],
    '--extended-regexp': ['-E'],
    '--fixed-strings': ['-F'],
    '--basic-regexp': ['-G'],
    '--perl-regexp': ['-P'],
    '-I': [],
  },
  values: {
    '--regexp': ['-e'],
    '--file': ['-f'],
    '--max-count': ['-m'],
    '--after-context': ['-A'],
    '--before-context': ['-B'],
    '--context': ['-C'],
    '--label': [],
    '--include': [],
    '--exclude': [],
    '--exclude-dir': [],
    '--binary-files': [],
    '--directories': ['-d'],
  },
  optional: ['--color', '--colour'],
}

/** GNU's `grep`; `egrep` and `fgrep` are other names of it. */
export function grep(fs: VirtualFs, [tool = 'grep', ...args]: readonly string[], context: CommandContext): Result {
  try {
    return search(fs, readQuery(fs, tool, args, context), context)
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error
    return { stdout: '', stderr: `${error.message}\n`, exitCode: error.exitCode }
  }
}

interface Query {
  options: Options
  matcher: RegExp
  names: string[]
  isRecursive: boolean
  before: number
  after: number
  limit: number
  paint: (code: string, text: string) => string
}

function readQuery(fs: VirtualFs, tool: string, args: readonly string[], context: CommandContext): Query {
  // `-5` is `-C 5`.
  const spelled = args.map((word) => word.replace(/^-(\d+)$/, '--context=$1'))
  const options = readToolOptions('grep', spelled, spec, 2)
  const has = (name: string) => options.has(name)
  const names = [...options.words, ...(options.paths ?? [])]
  const patterns = [
    ...options.all('--regexp').flatMap((text) => text.split('\n')),
    ...options.all('--file').flatMap((name) => readPatterns(fs, name, context)),
  ]
  if (!has('--regexp') && !has('--file')) {
    const first = names.shift()
    if (first === undefined) {
      throw new CommandFailure("Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.", 2)
    }
    patterns.push(...first.split('\n'))
  }
  const syntax: PatternSyntax = has('--perl-regexp')
    ? 'perl'
    : has('--fixed-strings') || tool === 'fgrep'
      ? 'fixed'
      : has('--extended-regexp') || tool === 'egrep'
        ? 'extended'
        : 'basic'
  const number = (name: string) => {
    const value = options.value(name)
    if (value !== undefined && !/^\d+$/.test(value)) {
      throw new CommandFailure(
        `grep: ${value}: ${name === '--max-count' ? 'invalid max count' : 'invalid context length argument'}`,
        2,
      )
    }
    return value === undefined ? undefined : Number(value)
  }
  const isOnlyMatching = has('--only-matching')
  const around = number('--context') ?? 0
  const colour = options.value('--color') ?? options.value('--colour')
  return {
    options,
    matcher: readMatcher(patterns, syntax, options),
    names,
    isRecursive: has('--recursive') || has('--dereference-recursive') || options.value('--directories') === 'recurse',
    before: isOnlyMatching ? 0 : (number('--before-context') ?? around),
    after: isOnlyMatching ? 0 : (number('--after-context') ?? around),
    limit: number('--max-count') ?? Number.POSITIVE_INFINITY,
    paint:
      colour === 'always'
        ? (code, text) => (text === '' ? '' : `\x1b[${code}m\x1b[K${text}\x1b[m\x1b[K`)
        : (_code, text) => text,
  }
}

function readPatterns(fs: VirtualFs, name: string, context: CommandContext): string[] {
  const path = pathFrom(context, name)
  if (path === '/dev/null') return []
  if (name !== '-' && !fs.exists(path)) throw new CommandFailure(`grep: ${name}: No such file or directory`, 2)
  const bytes = name === '-' ? inputOf(context) : fs.readFile(path)
  const text = new TextDecoder().decode(bytes).replace(/\n$/, '')
  return bytes.byteLength === 0 ? [] : text.split('\n')
}

function readMatcher(patterns: readonly string[], syntax: PatternSyntax, options: Options): RegExp {
  try {
    return createMatcher(patterns, {
      syntax,
      ignoresCase: options.has('--ignore-case') && !options.has('--no-ignore-case'),
      whole: options.has('--line-regexp') ? 'line' : options.has('--word-regexp') ? 'word' : null,
    })
  } catch (error) {
    throw new CommandFailure(`grep: ${messageOf(error)}`, 2)
  }
}

function search(fs: VirtualFs, query: Query, context: CommandContext): Result {
  const { options, isRecursive } = query
  const out: string[] = []
  let stderr = ''
  let isFound = false
  let isFailed = false
  const complain = (name: string, problem: string) => {
    isFailed = true
    if (!options.has('--no-messages')) stderr += `grep: ${name}: ${problem}\n`
  }
  const warn = (name: string) => {
    if (!options.has('--no-messages')) stderr += `grep: ${name}: warning: recursive directory loop\n`
  }
  const names = query.names.length > 0 ? query.names : [isRecursive ? '' : '-']
  const showsNames =
    options.has('--with-filename') || (!options.has('--no-filename') && (isRecursive || names.length > 1))

  const searchOne = (name: string, bytes: Uint8Array) => {
    const found = searchText(query, bytes, showsNames ? name : null, name)
    isFound ||= found.isSelected
    if (found.problem) stderr += `grep: ${name}: ${found.problem}\n`
    if (!options.has('--quiet')) out.push(found.text)
    return options.has('--quiet') && isFound
  }
  const all = () => {
    for (const name of names) {
      if (name === '-') {
        if (searchOne(options.value('--label') ?? '(standard input)', inputOf(context))) return
        continue
      }
      const path = pathFrom(context, name || '.')
      if (path === '/dev/null') searchOne(name, new Uint8Array())
      else if (!fs.exists(path)) complain(name, 'No such file or directory')
      else if (fs.stat(path).kind !== 'directory') {
        if (wantsFile(options, name) && searchOne(name, fs.readFile(path))) return
      } else if (!isRecursive) {
        if (options.value('--directories') !== 'skip') complain(name, 'Is a directory')
      } else {
        const folder = { path, name: name === '' ? '' : name.replace(/\/+$/, '') }
        for (const file of walk({ fs, options, warn }, folder, new Set())) {
          if (searchOne(file.name, fs.readFile(file.path))) return
        }
      }
    }
  }
  all()
  const exitCode = isFailed && !(options.has('--quiet') && isFound) ? 2 : isFound ? 0 : 1
  return { stdout: out.join(''), stderr, exitCode }
}

interface Place {
  path: string
  name: string
}

interface Walk {
  fs: VirtualFs
  options: Options
  warn(name: string): void
}

/** `inside`: the folders that lead to this one, as a link may lead back to one of them. */
function* walk(walked: Walk, folder: Place, inside: ReadonlySet<string>): Iterable<Place> {
  const { fs, options, warn } = walked
  const real = fs.realpath(folder.path)
  if (inside.has(real)) {
    warn(folder.name)
    return
  }
  const followsLinks = options.has('--dereference-recursive')
  const skipped = options.all('--exclude-dir').map(createNamePattern)
  for (const entry of fs.readdir(folder.path)) {
    const path = folder.path === '/' ? `/${entry}` : `${folder.path}/${entry}`
    const name = folder.name === '' ? entry : `${folder.name}/${entry}`
    const { kind } = followsLinks && fs.exists(path) ? fs.stat(path) : fs.lstat(path)
    if (kind === 'directory') {
      if (skipped.some((matches) => matches(entry) || matches(name))) continue
      yield* walk(walked, { path, name }, new Set([...inside, real]))
    } else if (kind === 'file' && wantsFile(options, entry)) yield { path, name }
  }
}

function wantsFile(options: Options, name: string): boolean {
  const entry = name.slice(name.lastIndexOf('/') + 1)
  const included = options.all('--include')
  if (included.length > 0 && !included.some((pattern) => createNamePattern(pattern)(entry))) return false
  return !options.all('--exclude').some((pattern) => createNamePattern(pattern)(entry))
}

interface Found {
  isSelected: boolean
  text: string
  problem?: string
}

function searchText(query: Query, bytes: Uint8Array, shownName: string | null, name: string): Found {
  const { options, matcher, paint, before, after, limit } = query
  const end = options.has('--null-data') ? '\0' : '\n'
  const isBinary =
    end === '\n' && bytes.includes(0) && !options.has('--text') && options.value('--binary-files') !== 'text'
  if (isBinary && (options.has('-I') || options.value('--binary-files') === 'without-match')) {
    return { isSelected: false, text: options.has('--files-without-match') ? `${name}\n` : '' }
  }
  const lines = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).split(end)
  if (lines.at(-1) === '') lines.pop()
  const isInverted = options.has('--invert-match')
  const showsLines = !['--count', '--files-with-matches', '--files-without-match', '--quiet'].some(options.has)
  const isOnlyMatching = options.has('--only-matching')
  const nameEnd = options.has('--null') ? '\0' : null
  let text = ''
  let count = 0
  let lastShown = -1
  let offset = 0

  const prefix = (index: number, separator: ':' | '-', at: number) => {
    const mark = paint('36', separator)
    const parts = [
      shownName === null ? '' : paint('35', shownName) + (nameEnd ?? mark),
      options.has('--line-number') ? paint('32', String(index + 1)) + mark : '',
      options.has('--byte-offset') ? paint('32', String(at)) + mark : '',
    ]
    return parts.join('') + (options.has('--initial-tab') ? '\t' : '')
  }
  const show = (index: number, separator: ':' | '-', line: string) => {
    if (lastShown !== -1 && index > lastShown + 1 && (before > 0 || after > 0)) text += `${paint('36', '--')}\n`
    text += prefix(index, separator, offset) + line + end
    lastShown = index
  }

  let afterLeft = 0
  for (const [index, line] of lines.entries()) {
    matcher.lastIndex = 0
    const isMatch = matcher.test(line) !== isInverted
    if (isMatch && count < limit) {
      count += 1
      if (isBinary && showsLines) return { isSelected: true, text: '', problem: 'binary file matches' }
      // Bytes that are no character would be printed as others.
      if (showsLines && !options.has('--text') && line.includes('\ufffd') && decodeUtf8(bytes) === null)
        return { isSelected: true, text, problem: 'binary file matches' }
      if (!showsLines) {
        if (!options.has('--count')) break
      } else if (isOnlyMatching) {
        if (!isInverted) {
          matcher.lastIndex = 0
          for (const match of line.matchAll(matcher)) {
            if (match[0] === '') continue
            const at = offset + byteLength(line.slice(0, match.index))
            text += `${prefix(index, ':', at)}${paint('01;31', match[0])}${end}`
          }
        }
      } else {
        for (let at = Math.max(lastShown + 1, index - before); at < index; at++) show(at, '-', lines[at] ?? '')
        show(index, ':', isInverted ? line : line.replaceAll(matcher, (found) => paint('01;31', found)))
        afterLeft = after
      }
      if (count >= limit && afterLeft === 0) break
    } else if (count >= limit && afterLeft === 0) break
    else if (afterLeft > 0 && showsLines && !isMatch) {
      show(index, '-', line)
      afterLeft -= 1
    } else if (count >= limit) break
    offset += options.has('--byte-offset') ? byteLength(line) + 1 : 0
  }
  const label = shownName === null ? '' : `${paint('35', shownName)}${nameEnd ?? paint('36', ':')}`
  if (options.has('--files-with-matches')) text = count > 0 ? `${paint('35', name)}${nameEnd ?? '\n'}` : ''
  else if (options.has('--files-without-match')) text = count === 0 ? `${paint('35', name)}${nameEnd ?? '\n'}` : ''
  else if (options.has('--count')) text = `${label}${count}\n`
  return { isSelected: count > 0, text }
}

const byteLength = (text: string) => new TextEncoder().encode(text).byteLength
