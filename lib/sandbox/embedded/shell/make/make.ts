import { decodeUtf8, joinBytes } from '@/lib/base'
import type { MachineHost } from '../../process/machine-host'
import { type CommandContext, childInput, type Execute, inputOf, pathFrom } from '../command'
import { quote } from '../quote'
import { CommandFailure, readToolOptions } from '../text/tool-options'
import { createBuild } from './build'
import { MakeFailure, type Scope } from './expansion'
import { type Makefile, readMakefile } from './makefile'

const spec = {
  flags: {
    '--always-make': ['-B'],
    '--dry-run': ['-n', '--just-print', '--recon'],
    '--silent': ['-s', '--quiet'],
    '--keep-going': ['-k'],
    '--ignore-errors': ['-i'],
    '--no-print-directory': [],
    '--print-directory': ['-w'],
    '--no-builtin-rules': ['-r'],
    '--version': ['-v'],
  },
  values: { '--directory': ['-C'], '--file': ['-f', '--makefile'], '--jobs': ['-j'], '--load-average': ['-l'] },
}

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
  const level = Number(context.env.get('MAKELEVEL') ?? 0)
  const name = level > 0 ? `make[${level}]` : 'make'
  try {
    const options = readToolOptions('make', withJobs(args), spec, 2)
    if (options.has('--version')) {
      out('GNU Make 4.3\nThis is the part of it that Vitrine has, see docs/shell.md.\n')
      return 0
    }
    const cwd = options.all('--directory').reduce((at, folder) => context.fs.resolvePath(at, folder), context.cwd)
    const isTold = cwd !== context.cwd && !options.has('--no-print-directory') && !options.has('--silent')
    if (cwd !== context.cwd && !run.host.fs.exists(cwd))
      throw new MakeFailure(`${options.value('--directory')}: No such file or directory.  Stop.`)
    if (isTold) out(`${name}: Entering directory '${cwd}'\n`)
    const code = await makeIn(cwd, { ...run, context: { ...context, cwd } }, { options, name, level })
    if (isTold) out(`${name}: Leaving directory '${cwd}'\n`)
    return code
  } catch (error) {
    if (error instanceof CommandFailure) err(`${error.message}\n`)
    else if (error instanceof MakeFailure) err(error.isWhole ? `${error.message}\n` : `${name}: *** ${error.message}\n`)
    else throw error
    return 2
  }
}

/** `-j` alone is any number of jobs, and `-j 4` four; they run one by one here. */
function withJobs(args: readonly string[]): string[] {
  return args.flatMap((word, index) => {
    if (word === '-j' || word === '--jobs') return /^\d+$/.test(args[index + 1] ?? '') ? ['-j'] : ['-j1']
    return [word]
  })
}

interface Invocation {
  options: ReturnType<typeof readToolOptions>
  name: string
  level: number
}

async function makeIn(cwd: string, run: MakeRun, { options, name, level }: Invocation): Promise<number> {
  const { host, context, out, err } = run
  const { fs } = host
  const at = (path: string) => pathFrom(context, path)
  const goals = options.words.filter((word) => !word.includes('='))
  const makefile: Makefile = {
    variables: new Map(),
    exported: new Set(),
    exportsAll: false,
    rules: new Map(),
    patterns: [],
    defaultGoal: null,
  }
  for (const [key, value] of Object.entries({
    MAKE: 'make',
    CURDIR: cwd,
    SHELL: '/bin/sh',
    MAKECMDGOALS: goals.join(' '),
  }))
    makefile.variables.set(key, { value, isRecursive: false, origin: 'default' })
  for (const word of options.words.filter((each) => each.includes('='))) {
    const [, key = '', value = ''] = /^([^:?+!=]*)[:?+!]?=(.*)$/s.exec(word) ?? []
    makefile.variables.set(key, { value, isRecursive: true, origin: 'command line' })
  }
  const cursor = { place: '' }
  const scope: Scope = {
    lookup(key) {
      const known = makefile.variables.get(key)
      const inherited = context.env.get(key)
      if (known) return known
      return inherited === undefined ? undefined : { value: inherited, isRecursive: false, origin: 'environment' }
    },
    async shell(line) {
      const { text } = await runShell(run, line, null)
      return text.replace(/\n+$/, '').replaceAll('\n', ' ')
    },
    glob: (pattern) => globFiles(run, pattern),
    absolute: at,
    exists: (path) => fs.exists(at(path)),
    tell: (kind, text) => (kind === 'info' ? out(`${text}\n`) : err(`${cursor.place}: ${text}\n`)),
    cursor,
  }
  const reading = {
    scope,
    warn: (text: string) => err(`${text}\n`),
    read: (path: string) => (fs.exists(at(path)) ? decodeUtf8(fs.readFile(at(path))) : null),
  }
  const named = options.all('--file')
  const found = ['GNUmakefile', 'makefile', 'Makefile'].find((file) => fs.exists(at(file)))
  const files = named.length > 0 ? named : found === undefined ? [] : [found]
  if (files.length === 0) {
    const [goal] = goals
    throw new MakeFailure(
      goal === undefined
        ? 'No targets specified and no makefile found.  Stop.'
        : `No rule to make target '${goal}'.  Stop.`,
    )
  }
  const flags = [
    ...(options.has('--silent') ? ['s'] : []),
    ...(options.has('--dry-run') ? ['n'] : []),
    ...(options.has('--keep-going') ? ['k'] : []),
  ]
  for (const file of files) await readMakefile(makefile, file, reading)
  const goal = (await scope.lookup('.DEFAULT_GOAL'))?.value ?? makefile.defaultGoal
  if (goals.length === 0 && goal === null) throw new MakeFailure('No targets.  Stop.')
  const build = createBuild({
    ...{ makefile, scope, out, err, name },
    mtimeOf: (path) => (fs.exists(at(path)) ? fs.stat(at(path)).mtimeMs : null),
    async run(line, variables) {
      const settings = [...variables].filter(([key]) => makefile.variables.get(key)?.origin === 'command line')
      const passed = [flags.join(''), ...settings.map(([key, value]) => `${key}=${quote(value)}`)]
        .filter(Boolean)
        .join(' ')
      const inner = new Map([...variables, ['MAKELEVEL', String(level + 1)], ['MAKEFLAGS', passed]])
      const { value: given = '-c' } = makefile.variables.get('.SHELLFLAGS') ?? {}
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
    isDry: options.has('--dry-run'),
    isSilent: options.has('--silent') || (context.env.get('MAKEFLAGS') ?? '').startsWith('s'),
    isForced: options.has('--always-make'),
    goesOn: options.has('--keep-going'),
    ignoresErrors: options.has('--ignore-errors'),
  })
  for (const each of goals.length > 0 ? goals : [goal ?? '']) {
    try {
      await build.makeGoal(each)
    } catch (error) {
      if (!(error instanceof MakeFailure) || !options.has('--keep-going')) throw error
      build.tellFailure(error)
    }
  }
  return build.hasFailed() ? 2 : 0
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
  const parts = pattern.split('/')
  const start = pattern.startsWith('/') ? ['/'] : ['']
  return (pattern.startsWith('/') ? parts.slice(1) : parts).filter(Boolean).reduce(step, start)
}
