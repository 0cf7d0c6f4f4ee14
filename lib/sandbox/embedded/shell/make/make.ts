import { decodeUtf8, joinBytes, makeDefaults, makefileLines, readMakeAssignment } from '@/lib/base'
import type { MachineHost } from '../../process/machine-host'
import { type CommandContext, childInput, type Execute, inputOf, pathFrom } from '../command'
import { quote } from '../quote'
import { CommandFailure, readToolOptions } from '../text/tool-options'
import { createBuild, OutOfDate } from './build'
import { expand, MakeFailure, type Scope, type Variable } from './expansion'
import { emptyMakefile, type Makefile, plainName, type Reading, readMakefile, readMakefileLines } from './makefile'

const spec = {
  flags: {
    '--always-make': ['-B'],
    '--dry-run': ['-n', '--just-print', '--recon'],
    '--silent': ['-s', '--quiet'],
    '--no-silent': [],
    '--keep-going': ['-k'],
    '--no-keep-going': ['-S', '--stop'],
    '--ignore-errors': ['-i'],
    '--question': ['-q'],
    '--environment-overrides': ['-e'],
    '--no-print-directory': [],
    '--print-directory': ['-w'],
    '--no-builtin-rules': ['-r'],
    '--no-builtin-variables': ['-R'],
    '--version': ['-v'],
  },
  values: { '--directory': ['-C'], '--file': ['-f', '--makefile'], '--jobs': ['-j'], '--load-average': ['-l'] },
}

/** What a `make` hands to those that its recipes call, by the letter that `MAKEFLAGS` has for it. */
const handedOn = {
  B: '--always-make',
  e: '--environment-overrides',
  i: '--ignore-errors',
  k: '--keep-going',
  n: '--dry-run',
  q: '--question',
  r: '--no-builtin-rules',
  R: '--no-builtin-variables',
  s: '--silent',
  w: '--print-directory',
} as const

/** The part of GNU's `make` that projects use to run tasks; no rules of its own, and one job at a time. */
export function createMake(host: MachineHost, isLive: boolean): Execute {
  return async (args, context) => {
    const chunks: Record<'stdout' | 'stderr', string[]> = { stdout: [], stderr: [] }
    const write = (stream: 'stdout' | 'stderr') => (text: string) =>
      void (isLive ? host[stream](text) : chunks[stream].push(text))
    const run = { host, context, isLive, out: write('stdout'), err: write('stderr') }
    const exitCode = await make(args, run)
    return { stdout: chunks.stdout.join(''), stderr: chunks.stderr.join(''), exitCode }
  }
}

interface MakeRun {
  host: MachineHost
  context: CommandContext
  isLive: boolean
  out(text: string): void
  err(text: string): void
}

async function make(args: readonly string[], run: MakeRun): Promise<number> {
  const { context, out, err } = run
  const env = context.exportedEnv ?? run.host.env
  const level = Number(env.MAKELEVEL ?? 0)
  const name = level > 0 ? `make[${level}]` : 'make'
  let leave = (): void => undefined
  try {
    const options = readToolOptions('make', withJobs(args), spec, 2)
    if (options.has('--version')) {
      out('GNU Make 4.3\nThis is the part of it that Vitrine has, see docs/shell.md.\n')
      return 0
    }
    const inherited = readFlags(env.MAKEFLAGS ?? '')
    const flags = new Set([
      ...inherited.flags,
      ...Object.entries(handedOn).flatMap(([letter, option]) => (options.has(option) ? [letter] : [])),
    ])
    if (flags.has('R')) flags.add('r')
    if (options.has('--no-silent')) flags.delete('s')
    if (options.has('--no-keep-going')) flags.delete('k')
    const cwd = options.all('--directory').reduce((at, folder) => context.fs.resolvePath(at, folder), context.cwd)
    if (cwd !== context.cwd && !run.host.fs.exists(cwd))
      throw new MakeFailure(`${options.value('--directory')}: No such file or directory.  Stop.`)
    if (options.has('--no-print-directory')) flags.add(quietly)
    if (level > 0 || options.has('--directory')) flags.add('w')
    if (flags.has('s') || flags.has(quietly)) flags.delete('w')
    if (flags.has('w')) {
      out(`${name}: Entering directory '${cwd}'\n`)
      leave = () => out(`${name}: Leaving directory '${cwd}'\n`)
    }
    const words = [...options.words, ...(options.paths ?? [])]
    const settings = [...inherited.settings, ...words.filter((word) => readMakeAssignment(word))]
    const goals = words.filter((word) => !readMakeAssignment(word)).map(plainName)
    const files = options.all('--file')
    return await makeIn(cwd, { ...run, context: { ...context, cwd } }, { files, flags, settings, goals, name, level })
  } catch (error) {
    if (error instanceof OutOfDate) return 1
    if (error instanceof CommandFailure) err(`${error.message}\n`)
    else if (error instanceof MakeFailure) err(error.isWhole ? `${error.message}\n` : `${name}: *** ${error.message}\n`)
    else throw error
    return 2
  } finally {
    leave()
  }
}

/** `-j` alone is any number of jobs, and `-j 4` four; they run one by one here, so that nothing is to be sorted. */
function withJobs(args: readonly string[]): string[] {
  const own = args.filter((word) => !/^(?:-O[a-z]*|--output-sync(?:=.*)?)$/.test(word))
  return own.flatMap((word, index) => {
    if (!/^(?:-[A-Za-z]*j|--jobs)$/.test(word) || /^\d+$/.test(own[index + 1] ?? '')) return [word]
    return [word, '1']
  })
}

/** Handed on, too, but has no letter. */
const quietly = '--no-print-directory'

/** `MAKEFLAGS`: letters, and behind `--` variables with a backslash before each blank. */
function readFlags(text: string): { flags: string[]; settings: string[] } {
  const [head = '', ...rest] = text.split(/(?:^| )-- /)
  const [letters = '', ...long] = head.split(' ')
  const words = rest.join(' ').match(/(?:\\.|\S)+/gs) ?? []
  const flags = [...(/^[A-Za-z]*$/.test(letters) ? letters : ''), ...(long.includes(quietly) ? [quietly] : [])]
  return { flags, settings: words.map(unescaped) }
}

const escaped = (text: string) => text.replace(/[\s\\]/g, '\\$&')
const unescaped = (text: string) => text.replace(/\\(.)/gs, '$1')

function writeFlags(flags: ReadonlySet<string>, settings: readonly string[]): string {
  const letters = Object.keys(handedOn).filter((letter) => flags.has(letter))
  const long = flags.has(quietly) ? ` ${quietly}` : ''
  return letters.join('') + long + (settings.length > 0 ? ` -- ${settings.map(escaped).join(' ')}` : '')
}

interface Invocation {
  files: readonly string[]
  /** Letters of `handedOn`. */
  flags: Set<string>
  /** `NAME=value` */
  settings: readonly string[]
  goals: readonly string[]
  name: string
  level: number
}

async function makeIn(
  cwd: string,
  run: MakeRun,
  { files: named, flags, settings, goals, name, level }: Invocation,
): Promise<number> {
  const { host, context, out, err } = run
  const { fs } = host
  const at = (path: string) => pathFrom(context, path)
  const makefile = emptyMakefile()
  const { variables } = makefile
  const reading = createReading(makefile, run, flags.has('e'))
  const { scope } = reading
  const set = (key: string, value: string, origin: Variable['origin'] = 'default', isRecursive = false) =>
    variables.set(key, { value, isRecursive, origin })
  for (const [key, value] of Object.entries(makeDefaults)) {
    // As GNU's make does, a shell that the user likes is not taken for the one that makefiles are written for.
    if (key === 'SHELL' || scope.lookup(key) === undefined) set(key, value, 'default', value.includes('$'))
  }
  set('CURDIR', cwd, 'file')
  set('MAKE_VERSION', '4.3')
  set('MAKELEVEL', String(level))
  set('MAKECMDGOALS', goals.join(' '), 'automatic')
  for (const setting of settings) {
    const { name: key, operator, value } = readMakeAssignment(setting) ?? { name: '', operator: '', value: '' }
    const isRead = operator.startsWith(':')
    set(key, isRead ? await expand(value, scope) : value, 'command line', !isRead)
  }
  const found = ['GNUmakefile', 'makefile', 'Makefile'].find((file) => fs.exists(at(file)))
  const files = named.length > 0 ? named : found === undefined ? [] : [found]
  if (files.length === 0 && goals.length === 0)
    throw new MakeFailure('No targets specified and no makefile found.  Stop.')
  set('MAKEFLAGS', writeFlags(flags, settings))
  for (const file of files) {
    scope.cursor.place = ''
    await readMakefile(makefile, file, reading)
  }
  scope.cursor.place = ''
  const own = await expand('$(MAKEFLAGS)', scope)
  for (const [letter, option] of Object.entries(handedOn)) {
    if (own.split(' ').some((word) => word === option || (/^-[A-Za-z]+$/.test(word) && word.includes(letter))))
      flags.add(letter)
  }
  if (own.split(' ').includes(quietly)) flags.add(quietly)
  const handed = writeFlags(flags, settings)
  set('MAKEFLAGS', handed)
  const goal = plainName((await expand('$(.DEFAULT_GOAL)', scope)).trim())
  if (goals.length === 0 && goal === '') throw new MakeFailure('No targets.  Stop.')
  const environment = context.exportedEnv ?? host.env
  const build = createBuild({
    ...{ makefile, scope, out, err, name },
    mtimeOf: (path) => (fs.exists(at(path)) ? fs.stat(at(path)).mtimeMs : null),
    remove: (path) => fs.rm(at(path)),
    inherits: (key) => Object.hasOwn(environment, key),
    async run(line, values) {
      const inner = new Map([...values, ['MAKELEVEL', String(level + 1)], ['MAKEFLAGS', handed]])
      const { value: given = '-c' } = variables.get('.SHELLFLAGS') ?? {}
      // What stands before the `c` of `-euo pipefail -c` are settings of the shell.
      const settingsOfShell = given
        .replace(/(?<=^|\s)-([a-z]*)c(?=\s|$)/, (_whole, others: string) => (others ? `-${others}` : ''))
        .split(/\s+/)
        .filter(Boolean)
        .map(quote)
        .join(' ')
      const whole = settingsOfShell === '' ? line : `set ${settingsOfShell}; ${line}`
      return (await runShell(run, whole, inner)).code
    },
    isDry: flags.has('n'),
    isSilent: flags.has('s'),
    isForced: flags.has('B'),
    isQuestion: flags.has('q'),
    goesOn: flags.has('k'),
    ignoresErrors: flags.has('i'),
  })
  for (const each of goals.length > 0 ? goals : [goal]) await build.makeGoal(each)
  return build.hasFailed() ? 2 : 0
}

function createReading(makefile: Makefile, run: MakeRun, isEnvironmentFirst: boolean): Reading {
  const { host, context, out, err } = run
  const { fs } = host
  const at = (path: string) => pathFrom(context, path)
  const environment = context.exportedEnv ?? host.env
  const scope: Scope = {
    lookup(key) {
      const known = makefile.variables.get(key)
      const value = Object.hasOwn(environment, key) ? environment[key] : undefined
      const isOwn = /^(?:command line|override)$/.test(known?.origin ?? '')
      if (value !== undefined && isEnvironmentFirst && !isOwn && key !== 'SHELL' && key !== 'MAKEFLAGS')
        return { value, isRecursive: false, origin: 'environment override' }
      if (known) return known.isGone ? undefined : known
      return value === undefined ? undefined : { value, isRecursive: false, origin: 'environment' }
    },
    async shell(line) {
      const { text, code } = await runShell(run, line, null)
      makefile.variables.set('.SHELLSTATUS', { value: String(code), isRecursive: false, origin: 'file' })
      return text.replace(/\n+$/, '').replaceAll('\n', ' ')
    },
    async evaluate(text) {
      const { place } = scope.cursor
      const [, name = '', number = ''] = /^(.*):(\d+)$/.exec(place) ?? []
      const lines = makefileLines(text).map(({ raw }) => ({ raw, number: Number(number) }))
      await readMakefileLines(makefile, lines, { ...reading, name })
      scope.cursor.place = place
    },
    glob: (pattern) => globFiles(run, pattern),
    absolute: at,
    exists: (path) => fs.exists(at(path)),
    tell: (kind, text) => (kind === 'info' ? out(`${text}\n`) : err(`${scope.cursor.place}: ${text}\n`)),
    cursor: { place: '', variables: new Set(), nesting: 0 },
  }
  const reading: Reading = {
    scope,
    warn: (text) => err(`${text}\n`),
    read: (path) => (fs.exists(at(path)) ? decodeUtf8(fs.readFile(at(path))) : null),
  }
  return reading
}

/** A line of a recipe, with its variables, whose output goes out; or of `$(shell …)`, whose output is wanted. */
async function runShell(
  { host, context, isLive, out, err }: MakeRun,
  line: string,
  variables: ReadonlyMap<string, string> | null,
): Promise<{ code: number; text: string }> {
  const isRecipe = variables !== null
  const child = host.spawn(['sh', '-c', line], {
    cwd: context.cwd,
    env: { ...(context.exportedEnv ?? host.env), ...Object.fromEntries(variables ?? []) },
    stdin: isLive || inputOf(context).byteLength > 0 ? childInput(context) : new Uint8Array(),
    ...(!(isLive && isRecipe) && { output: 'captured' as const }),
  })
  const chunks: Uint8Array[] = []
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() }
  child.onOutput(({ stream, data }) => {
    if (!isRecipe && stream === 'stdout') chunks.push(data)
    else (stream === 'stdout' ? out : err)(decoders[stream].decode(data, { stream: true }))
  })
  context.signal?.addEventListener('abort', () => child.kill('SIGINT'))
  const code = await child.exit
  return { code, text: new TextDecoder().decode(joinBytes(chunks)) }
}

/** Paths from the present folder that a pattern names, sorted. */
function globFiles({ host: { fs }, context }: MakeRun, pattern: string): string[] {
  const full = (path: string) => pathFrom(context, path === '' ? '.' : path)
  const step = (bases: readonly string[], part: string): string[] =>
    bases.flatMap((base) => {
      const join = (name: string) => (base === '' ? name : base === '/' ? `/${name}` : `${base}/${name}`)
      if (!/[*?[]/.test(part)) return fs.exists(full(join(part))) ? [join(part)] : []
      if (!fs.exists(full(base)) || fs.stat(full(base)).kind !== 'directory') return []
      const test = new RegExp(
        `^${part
          .replaceAll(/[.+^${}()|\\]/g, '\\$&')
          .replaceAll('*', '.*')
          .replaceAll('?', '.')}$`,
      )
      const names = fs
        .readdir(full(base))
        .filter((name) => test.test(name) && (!name.startsWith('.') || part.startsWith('.')))
      return names.sort().map(join)
    })
  const start = pattern.startsWith('/') ? ['/'] : ['']
  const found = pattern.split('/').filter(Boolean).reduce(step, start)
  if (!pattern.endsWith('/')) return found
  return found.filter((path) => fs.stat(full(path)).kind === 'directory').map((path) => `${path}/`)
}
