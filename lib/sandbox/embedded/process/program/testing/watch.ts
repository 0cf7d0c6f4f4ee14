import { rawModeMark } from '../../../raw-mode'
import type { ProcessHost, VirtualFs } from '../../host'
import { affectedTests } from '../loader/affected'
import type { ResolverFs } from '../loader/package-scope'
import { realTimers } from '../node/timers'
import type { Colors } from './colors'

/** What a run in watch mode is about. */
export interface WatchRun {
  /** Absolute paths; null for all. */
  files: readonly string[] | null
  filters: readonly string[]
  namePattern: RegExp | undefined
  update: boolean
  /** Said above the run. */
  reason: string
}

export interface WatchOptions {
  host: ProcessHost
  root: string
  fs: ResolverFs
  flavour: 'vitest' | 'jest'
  colors: Colors
  filters: readonly string[]
  namePattern: RegExp | undefined
  /** Answers the test files that failed. */
  run(run: WatchRun): Promise<{ failed: readonly string[]; exitCode: number }>
}

const pollMs = 150
const ignored = new Set(['node_modules', '.git', 'coverage', 'dist'])

/** Reruns what a change concerns until the user quits; the keys are the runner's own. */
export async function watchTests(options: WatchOptions): Promise<number> {
  const { host } = options
  const hasTerminal = host.terminal !== null && host.kernel?.standard[1] === 'terminal'
  if (!hasTerminal) return watchAndRun(options)
  host.stdout(rawModeMark(true))
  const exitCode = await watchAndRun(options)
  host.stdout(rawModeMark(false))
  return exitCode
}

async function watchAndRun(options: WatchOptions): Promise<number> {
  const { host, root, colors } = options
  let { filters, namePattern } = options
  const keys = readKeys(host)
  let last = { failed: [] as readonly string[], exitCode: 0 }
  let stamps = readStamps(host.fs, root)
  const base = () => ({ files: null as readonly string[] | null, filters, namePattern, update: false, reason: '' })

  async function run(next: WatchRun) {
    if (next.reason !== '')
      host.stdout(`${host.terminal === null ? '\n' : '\u001b[2J\u001b[H'}${colors.cyan(next.reason)}\n`)
    last = await options.run(next)
    // What the run itself wrote (snapshots) is no reason for another.
    stamps = readStamps(host.fs, root)
    host.stdout(usage(options, last.exitCode))
  }

  await run(base())
  for (;;) {
    const key = await Promise.race([
      keys.next(),
      new Promise<null>((resolve) => realTimers.setTimeout(() => resolve(null), pollMs)),
    ])
    if (key === null) {
      const now = readStamps(host.fs, root)
      const changed = changes(stamps, now)
      stamps = now
      if (changed.length === 0) continue
      const affected = affectedTests(options.fs, [...now.keys()], changed)
      if (affected.length > 0)
        await run({
          ...base(),
          files: affected,
          reason: ` RERUN  ${changed.map((path) => path.slice(root.length + 1)).join(', ')}`,
        })
      continue
    }
    if (key === 'q' || key === '\u0003' || key === '\u0004' || key === 'end') return last.exitCode
    if (key === 'a' || key === '\r' || key === '\n') {
      if (key === 'a') {
        filters = []
        namePattern = undefined
      }
      await run({ ...base(), reason: ' RERUN  all tests' })
    } else if (key === 'f') {
      const hasFailed = last.failed.length > 0
      if (hasFailed) await run({ ...base(), files: last.failed, reason: ' RERUN  failed tests' })
      else host.stdout('No failed tests found.\n')
    } else if (key === 'u') await run({ ...base(), update: true, reason: ' RERUN  update snapshots' })
    else if (key === 'p') {
      const text = await ask(host, keys, 'Input filename pattern')
      filters = text === '' ? [] : [text]
      await run({ ...base(), reason: ` RERUN  files with "${text}"` })
    } else if (key === 't') {
      const text = await ask(host, keys, 'Input test name pattern (RegExp)')
      namePattern = text === '' ? undefined : toPattern(text)
      await run({ ...base(), reason: ` RERUN  tests that match /${text}/` })
    } else if (key === 'h' || key === 'w') host.stdout(help(colors))
  }
}

function toPattern(text: string): RegExp {
  try {
    return new RegExp(text, 'i')
  } catch {
    return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i')
  }
}

function usage({ flavour, colors }: WatchOptions, exitCode: number): string {
  const { dim, bold, green, red } = colors
  if (flavour === 'jest') return `\n${bold('Watch Usage')}: ${dim('Press')} w ${dim('to show more.')}\n`
  const state = exitCode === 0 ? green(' PASS ') : red(' FAIL ')
  const text = exitCode === 0 ? 'Waiting for file changes...' : 'Tests failed. Watching for file changes...'
  return `\n${bold(state)} ${text}\n       ${dim('press')} h ${dim('to show help')}, ${dim('press')} q ${dim('to quit')}\n`
}

const help = ({ dim, bold }: Colors) =>
  `\n  ${bold('Watch Usage')}\n${[
    ['a', 'to rerun all tests'],
    ['f', 'to rerun only failed tests'],
    ['u', 'to update snapshots'],
    ['p', 'to filter by a filename'],
    ['t', 'to filter by a test name regex pattern'],
    ['q', 'to quit'],
  ]
    .map(([key, text]) => `  ${dim('press')} ${key} ${dim(text ?? '')}\n`)
    .join('')}`

/** Path → what changes when its content does. */
function readStamps(fs: VirtualFs, root: string): Map<string, string> {
  const stamps = new Map<string, string>()
  const walk = (folder: string) => {
    for (const name of fs.readdir(folder)) {
      if (ignored.has(name)) continue
      const path = `${folder}/${name}`
      const { kind, mtimeMs, size } = fs.stat(path)
      if (kind === 'directory') walk(path)
      else stamps.set(path, `${mtimeMs}:${size}`)
    }
  }
  walk(root)
  return stamps
}

function changes(before: Map<string, string>, now: Map<string, string>): string[] {
  const changed = [...now].filter(([path, stamp]) => before.get(path) !== stamp).map(([path]) => path)
  return [...changed, ...[...before.keys()].filter((path) => !now.has(path))]
}

interface Keys {
  next(): Promise<string>
}

/** Single keys as a terminal sends them; a key that nobody took yet waits. */
function readKeys(host: ProcessHost): Keys {
  const decoder = new TextDecoder()
  const waiting: string[] = []
  let wake: (() => void) | null = null
  const push = (...keys: string[]) => {
    waiting.push(...keys)
    wake?.()
    wake = null
  }
  host.stdin.onData((data) => push(...decoder.decode(data, { stream: true })))
  host.stdin.onEnd(() => {
    // A watcher in the background has no input; only a terminal that goes away ends it.
    if (host.terminal !== null) push('end')
  })
  const read = async () => {
    while (waiting.length === 0)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    return waiting.shift() ?? ''
  }
  let pending: Promise<string> | null = null
  return {
    next() {
      pending ??= read().then((key) => {
        pending = null
        return key
      })
      return pending
    },
  }
}

async function ask(host: ProcessHost, keys: Keys, question: string): Promise<string> {
  host.stdout(`\n${question}: `)
  let text = ''
  for (;;) {
    const key = await keys.next()
    if (key === '\r' || key === '\n' || key === 'end') break
    if (key === '\u0003' || key === '\u001b') return ''
    if (key === '\u007f' || key === '\b') text = text.slice(0, -1)
    else text += key
    if (host.terminal !== null) host.stdout(`\r${question}: ${text}\u001b[K`)
  }
  host.stdout('\n')
  return text
}
