import { readMakeAssignment } from '@/lib/base'
import { fromProject } from '../protected-paths'
import {
  aliased,
  carriedScripts,
  carriedWords,
  type Danger,
  findDanger,
  operands,
  shellRuns,
  startsOthers,
} from './dangerous'
import { changesOf, isOrdered, runsOwnProgram } from './line-changes'
import { type Assigned, includedFiles, makefileCommands } from './makefile-commands'
import { parseShell, type SimpleCommand, type Word } from './parse-shell'

/** The project's text files, by path from its root. */
export type ReadScript = (path: string) => string | undefined

const maxDepth = 6
const maxFolders = 8
/** Longer ones name no file of a project. */
const maxPath = 260
const maxLabel = 80
/** Characters. Nobody reads more of a script before they run it, and neither does the gate. */
const maxScript = 200_000
const shells = /^(?:ba|z|da|k|a)?sh$/
const runners = /^(?:npm|pnpm|yarn|bun)$/
/** Commands of npm that run scripts by their names. */
const namedScripts: Record<string, string[]> = {
  test: ['test'],
  t: ['test'],
  tst: ['test'],
  start: ['start'],
  stop: ['stop'],
  restart: ['restart', 'stop', 'start'],
  version: ['version'],
  verison: ['version'],
  pack: ['prepack', 'prepare', 'postpack'],
}

export interface HiddenDanger {
  /** Where it stands: `build.sh`, `npm run setup`. */
  script: string
  /** `unseen`: what the script says cannot be read from here. */
  danger: Danger | 'unseen'
}

/** What a line would do through the scripts that it runs; only what reaches out of the project is looked for. */
export function dangerInScripts(
  line: string,
  { cwd = '', read }: { cwd?: string; read: ReadScript },
): HiddenDanger | null {
  return inLine(line, {
    cwd,
    read,
    depth: 0,
    seen: new Set(),
    programs: new Map(),
    isStale: false,
    assigned: new Map(),
  })
}

/** A folder of the project, or null for one that is not known. */
type Folder = string | null

interface Search {
  cwd: Folder
  read: ReadScript
  depth: number
  seen: Set<string>
  /** By script, whether a program of the project's own runs in it. */
  programs: Map<string, boolean>
  /** Such a program ran before: scripts may not be any more what they are now. */
  isStale: boolean
  /** Variables that are set on the way, which programs may inherit. */
  assigned: Assigned
}

/** Dangers that only say that nobody can tell. */
const unclear: readonly Danger['match'][] = ['computed_command', 'shell_from_input', 'nested_too_deeply']

function inLine(line: string, outer: Search): HiddenDanger | null {
  const { commands } = parseShell(line)
  const sourced = commands
    .filter(({ words: [first] }) => /^(?:source|\.)$/.test(first?.text ?? ''))
    .flatMap((command) => scriptsOf(command, outer).map(({ text = '' }) => text))
  const named = [line, ...sourced].reduce((set, text) => assignedIn(text, set), outer.assigned)
  const search: Search = { ...outer, assigned: commands.reduce((set, { words }) => withWords(set, words), named) }
  const inlined = commands.flatMap((command) => scriptsOf(command, search).filter(({ file }) => file === undefined))
  const all = [...commands, ...inlined.flatMap(({ text = '' }) => parseShell(text).commands)]
  const isChanged = changesOf(all, (command) => scriptsOf(command, search).length > 0)
  const isSure = sureMove.test(line)
  let folders = [search.cwd]
  let unseen: HiddenDanger | null = null
  let isStale = search.isStale || (!isOrdered(line) && commands.some((command) => runsProgram(command, search)))
  for (const command of commands) {
    const before = isStale
    for (const cwd of folders) {
      for (const { script, text, file } of scriptsOf(command, { ...search, cwd })) {
        const found = inScript(script, text, { ...search, cwd, isStale })
        if (found && found.danger !== 'unseen') return found
        const isOld = file !== undefined && (before || isChanged(file))
        unseen ??= found ?? (isOld ? { script, danger: 'unseen' } : null)
        isStale ||= text !== undefined && programIn({ script, text }, { ...search, cwd })
      }
      isStale ||= runsProgram(command, { ...search, cwd })
    }
    const [name, target] = command.words
    if (!/^(?:cd|pushd|popd)$/.test(name?.text ?? '')) continue
    const moved = folders.map((folder) => (target && !target.dynamic ? join(folder, target.text) : null))
    // Whether it gets there, and who is in there with it, cannot be told: what follows may run in either folder.
    folders = [...new Set(isSure ? moved : [...moved, ...folders])].slice(0, maxFolders)
  }
  return unseen
}

/** Plain values can be told; of what is put together, or set more than once, only the name. */
function assignedIn(line: string, before: Assigned): Assigned {
  const assigned = new Map(before)
  for (const [, name = '', value = null] of line.matchAll(/\b([A-Za-z_]\w*)\+?=([\w./-]*(?![^\s;&|)]))?/g))
    assigned.set(name, assigned.has(name) ? null : value)
  return assigned
}

/** Those that words set, which quotes may hide from a look at the line. */
function withWords(before: Assigned, words: readonly Word[]): Assigned {
  const assigned = new Map(before)
  for (const word of words) {
    const { name = '', value = '' } = readMakeAssignment(word.text) ?? {}
    const isPlain = !word.dynamic && /^[\w./ -]*$/.test(value)
    if (name !== '') assigned.set(name, isPlain && (before.get(name) ?? value) === value ? value : null)
  }
  return assigned
}

function runsProgram(command: SimpleCommand, search: Search): boolean {
  const scripts = scriptsOf(command, search)
  if (scripts.length === 0) return runsOwnProgram(command)
  return scripts.some(({ script, text }) => text !== undefined && programIn({ script, text }, search))
}

function programIn({ script, text }: { script: string; text: string }, search: Search): boolean {
  const key = [search.cwd, script, text].join('\0')
  const known = search.programs.get(key)
  if (known !== undefined) return known
  search.programs.set(key, false)
  const isDeep = search.depth >= maxDepth || text.length > maxScript
  const deeper = { ...search, depth: search.depth + 1 }
  const isRun = isDeep || parseShell(text).commands.some((command) => runsProgram(command, deeper))
  search.programs.set(key, isRun)
  return isRun
}

/** `cd app && npm test`: what follows runs there or not at all. */
const sureMove = /^\s*cd\s+[\w.@/-]+\s*(?:&&[^;|&()\n`$]+)+$/

function inScript(script: string, text: string | undefined, search: Search): HiddenDanger | null {
  if (text === undefined || text.length > maxScript || search.depth >= maxDepth) return { script, danger: 'unseen' }
  const key = [search.cwd, search.isStale, script, text].join('\0')
  if (search.seen.has(key)) return null
  search.seen.add(key)
  const { commands, broken } = parseShell(text)
  let isUnclear = broken
  for (const command of commands) {
    const danger = findDanger(command)
    const reachesOut = danger?.match === 'installs' || danger?.match === 'network'
    if (reachesOut && !runsDependency(command, search)) return { script, danger }
    isUnclear ||= danger !== null && unclear.includes(danger.match)
  }
  const deeper = inLine(text, { ...search, depth: search.depth + 1 })
  return deeper ?? (isUnclear ? { script, danger: 'unseen' } : null)
}

/** `npx eslint` in a script downloads nothing where the project depends on eslint. */
function runsDependency({ words }: SimpleCommand, { cwd, read }: Pick<Place, 'cwd' | 'read'>): boolean {
  const [first, target] = words
  if (!/^(?:npx|pnpx|bunx)$/.test(first?.text ?? '') || target === undefined) return false
  const { dependencies, devDependencies } = parsePackage(readIn(cwd, read)) ?? {}
  return [dependencies, devDependencies].some((set) => isRecord(set) && Object.hasOwn(set, target.text))
}

interface Script {
  script: string
  text: string | undefined
  /** The file that it is read from, if it is one. */
  file?: string
}

type Place = Pick<Search, 'cwd' | 'read' | 'assigned'>

function scriptsOf(command: SimpleCommand, place: Place): Script[] {
  const [first, ...rest] = command.words
  if (first === undefined) return []
  const name = nameOf(first)
  if (startsOthers(name) || name === 'find') return wrappedScripts(command, place)
  if (runners.test(name)) return packageScripts(name, rest, place)
  if (name === 'make') return makeScripts(rest, place)
  if (name === 'node' && rest[0]?.text === '--run')
    return packageScripts('npm', [{ ...rest[0], text: 'run' }, ...rest.slice(1)], place)
  if (name === 'eval')
    return [
      inline(
        operands(rest)
          .map(({ text }) => text)
          .join(' '),
      ),
    ]
  const carried = carriedScripts(name, rest)
  if (carried.length > 0) return carried.map(({ text }) => inline(text))
  if (name === 'alias') return rest.map(({ text }) => inline(aliased(text)))
  if (shells.test(name)) {
    const { script, file } = shellRuns(rest)
    return script ? [inline(script.text)] : file ? [scriptFile(file.text, place)] : []
  }
  if (name === 'source' || name === '.') return rest.slice(0, 1).map(({ text }) => scriptFile(text, place))
  if (!first.text.includes('/') && !shellFile.test(first.text)) return []
  const found = scriptFile(first.text, place)
  // A program of another kind starts no installer: only shells and npm may stand before one.
  const isShell = !found.text?.startsWith('#!') || /^#!.*\b(?:ba|z|da|k|a)?sh\b/.test(found.text)
  const isFound = first.text.includes('/') || found.text !== undefined
  return isShell && isFound ? [found] : []
}

function wrappedScripts(command: SimpleCommand, place: Place): Script[] {
  const words = [...command.words.slice(0, 1), ...carriedWords(command.words)]
  if (words[0] !== undefined && nameOf(words[0]) === 'find') return executed({ ...command, words }, place)
  // Which word is the program that a wrapper starts depends on its options, so each may be it.
  const first = words.findIndex(({ text }, index) => index > 0 && !/^-|=|^\d+[smhd]?$/.test(text))
  const starts = words.flatMap((word, index) =>
    index > 0 && (startsScripts(word, words[index + 1]) || (index === first && word.text.includes('/')))
      ? [words.slice(index)]
      : [],
  )
  return starts.flatMap((start) => scriptsOf({ ...command, words: start }, place))
}

/** `find … -exec program … ;`, once or more. */
function executed(command: SimpleCommand, place: Place): Script[] {
  const { words } = command
  const starts = words.flatMap(({ text }, index) => (/^-(?:exec|ok)(?:dir)?$/.test(text) ? [index] : []))
  return starts.flatMap((start, index) =>
    scriptsOf({ ...command, words: words.slice(start + 1, starts[index + 1]) }, place),
  )
}

const shellFile = /\.(?:ba|z|da|k)?sh$/

function startsScripts(word: Word, next: Word | undefined): boolean {
  const name = nameOf(word)
  const isProgram =
    runners.test(name) ||
    shells.test(name) ||
    /^(?:eval|source|make)$/.test(name) ||
    (name === 'node' && next?.text === '--run')
  return isProgram || word.text.startsWith('./') || shellFile.test(name)
}

function nameOf({ text }: Word): string {
  return text.slice(text.lastIndexOf('/') + 1)
}

/** What stands on the line itself: dangers in it were found already; scripts that it runs were not. */
function inline(text: string): Script {
  return { script: text.slice(0, maxLabel), text }
}

function scriptFile(path: string, { cwd, read }: Place): Script {
  const place = join(cwd, path)
  return { script: path, text: place === null ? undefined : read(place), file: path }
}

/** What a makefile may run; which of its targets are made is not looked up. */
function makeScripts(args: readonly Word[], { cwd, read, assigned }: Place): Script[] {
  // `-kf x` is `-k -f x`.
  const texts = args.map(({ text }) => text.replace(/^-[^-CfjlW]+(?=[Cf])/, '-'))
  const valuesOf = (option: RegExp) =>
    texts.flatMap((text, index) => {
      const [, attached] = option.exec(text) ?? []
      return attached === undefined ? [] : [attached === '' ? (texts[index + 1] ?? '') : attached]
    })
  const folder = valuesOf(/^(?:-C|--directory=?)(.*)$/).reduce<Folder>((at, next) => join(at, next), cwd)
  const named = valuesOf(/^(?:-f|--(?:make)?file=?)(.*)$/)
  const textOf = (name: string) => {
    const path = join(folder, name)
    return path === null ? undefined : read(path)
  }
  const standard = ['GNUmakefile', 'makefile', 'Makefile'].filter((name) => textOf(name) !== undefined).slice(0, 1)
  const names = named.length > 0 ? named : standard
  const set = args.flatMap(({ text }) => readMakeAssignment(text) ?? [])
  const values = set.map(({ value }) => inline(value))
  // What is only known by then may name another makefile.
  const isUnknown = args.some(({ dynamic }) => dynamic) || assigned.has('MAKEFLAGS')
  const unknown = isUnknown ? [{ script: 'make', text: undefined }] : []
  const given = [...unknown, ...values]
  if (names.length === 0) return folder === null ? [{ script: 'make', text: undefined }] : given
  const files = new Set<string | null>(names)
  for (const name of files) for (const other of includedFiles((name && textOf(name)) ?? '')) files.add(other)
  // A variable of one file may stand in a recipe of another.
  const lines = makefileCommands(names, textOf, withWords(assigned, args))
  const scripts = [...files].flatMap((name): Script[] => {
    const isThere = name !== null && textOf(name) !== undefined
    if (isThere) return [{ script: `make (${name})`, text: lines, file: name }]
    // What is included may be missing, or is made first.
    return name === null || names.includes(name) ? [{ script: name ?? 'make', text: undefined }] : []
  })
  return [...given, ...scripts]
}

function packageScripts(runner: string, args: readonly Word[], { cwd, read }: Place): Script[] {
  const texts = args.map(({ text }) => text)
  const scripts = scriptsIn(readIn(cwd, read))
  // Which package a workspace option names is not looked up: any script of that name may run.
  const isElsewhere = texts.some((text) =>
    /^(?:-w|-ws|-F|-r|-C|--(?:workspaces?|filter|recursive|prefix|dir|cwd)|workspaces?)(?:=|$)/.test(text),
  )
  return wantedScripts(runner, args).flatMap(({ said, wanted }): Script[] => {
    const unread = { script: `${runner} ${said}`, text: undefined }
    if (wanted === null) return [unread]
    const known = [`pre${wanted}`, wanted, `post${wanted}`].flatMap((script) => {
      const text = scripts?.[script]
      return text === undefined ? [] : [{ script: `${runner} run ${script}`, text, file: 'package.json' }]
    })
    return scripts === null || isElsewhere ? [unread, ...known] : known
  })
}

/** The scripts that a command line of npm may mean: null for one that is only known when it runs. */
function wantedScripts(runner: string, args: readonly Word[]): { said: string; wanted: string | null }[] {
  const end = args.findIndex(({ text }) => text === '--')
  const own = end === -1 ? args : args.slice(0, end)
  const words = own.filter(({ text }) => !text.startsWith('-'))
  // Options may stand first, some with a value: then each word may be the command.
  const isAtStart = own[0] === words[0] && !/^workspaces?$/.test(words[0]?.text ?? '')
  const starts = isAtStart ? words.slice(0, 1) : words
  return starts.flatMap((verb) => {
    const isRun = /^(?:run|run-script|rum|urn)$/.test(verb.text)
    if (!isRun) {
      const wanted = namedScripts[verb.text] ?? (runner === 'npm' ? [] : [verb.text])
      return wanted.map((script) => ({ said: verb.text, wanted: script }))
    }
    const next = own[own.indexOf(verb) + 1]
    const after = words.slice(words.indexOf(verb) + 1)
    const named = next?.text.startsWith('-') ? after : after.slice(0, 1)
    return named.map((word) => ({ said: `run ${word.text}`, wanted: word.dynamic || word.glob ? null : word.text }))
  })
}

function readIn(cwd: Folder, read: ReadScript): string | undefined {
  const path = join(cwd, 'package.json')
  return path === null ? undefined : read(path)
}

function scriptsIn(json: string | undefined): Record<string, string> | null {
  const parsed = parsePackage(json)
  if (parsed === null) return null
  const entries = Object.entries(isRecord(parsed.scripts) ? parsed.scripts : {})
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

function parsePackage(json: string | undefined): Record<string, unknown> | null {
  if (json === undefined) return null
  try {
    const parsed: unknown = JSON.parse(json)
    return isRecord(parsed) ? parsed : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Null outside the project: nothing of what lies there can be read. */
function join(cwd: Folder, path: string): Folder {
  const inside = fromProject(path)
  const from = inside === path ? cwd : ''
  if (from === null || /^[/~]/.test(inside)) return null
  const out: string[] = []
  for (const segment of `${from}/${inside}`.split('/')) {
    if (segment === '..' && out.pop() === undefined) return null
    if (segment !== '..' && segment !== '' && segment !== '.') out.push(segment)
  }
  const joined = out.join('/')
  return joined.length > maxPath ? null : joined
}
