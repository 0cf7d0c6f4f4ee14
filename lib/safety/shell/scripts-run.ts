import { type Danger, findDanger, startsOthers } from './dangerous'
import { parseShell, type SimpleCommand } from './parse-shell'

/** The project's text files, by path from its root. */
export type ReadScript = (path: string) => string | undefined

const maxDepth = 6
/** Characters. Nobody reads more of a script before they run it, and neither does the gate. */
const maxScript = 200_000
const shells = /^(?:ba|z|da|k|a)?sh$/
const runners = /^(?:npm|pnpm|yarn|bun)$/
/** Commands of npm that run the script of the same name. */
const namedScripts: Record<string, string> = {
  test: 'test',
  t: 'test',
  tst: 'test',
  start: 'start',
  stop: 'stop',
  restart: 'restart',
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
  return inLine(line, { cwd, read, depth: 0, seen: new Set() })
}

interface Search {
  cwd: string
  read: ReadScript
  depth: number
  seen: Set<string>
}

function inLine(line: string, search: Search): HiddenDanger | null {
  let { cwd } = search
  let unseen: HiddenDanger | null = null
  for (const command of parseShell(line).commands) {
    for (const { script, text } of scriptsOf(command, { ...search, cwd })) {
      const found = inScript(script, text, { ...search, cwd })
      if (found && found.danger !== 'unseen') return found
      unseen ??= found
    }
    const [name, target] = command.words
    if (/^(?:cd|pushd)$/.test(name?.text ?? '') && target) cwd = join(cwd, target.text)
  }
  return unseen
}

function inScript(script: string, text: string | undefined, search: Search): HiddenDanger | null {
  if (text === undefined || text.length > maxScript || search.depth >= maxDepth) return { script, danger: 'unseen' }
  if (search.seen.has(script)) return null
  search.seen.add(script)
  for (const command of parseShell(text).commands) {
    const danger = findDanger(command)
    const reachesOut = danger?.match === 'installs' || danger?.match === 'network'
    if (reachesOut && !runsDependency(command, search)) return { script, danger }
  }
  return inLine(text, { ...search, depth: search.depth + 1 })
}

/** `npx eslint` in a script downloads nothing where the project depends on eslint. */
function runsDependency({ words }: SimpleCommand, { cwd, read }: Search): boolean {
  const [first, target] = words
  if (!/^(?:npx|pnpx|bunx)$/.test(first?.text ?? '') || target === undefined) return false
  const { dependencies, devDependencies } = parsePackage(read(join(cwd, 'package.json'))) ?? {}
  return [dependencies, devDependencies].some((set) => isRecord(set) && Object.hasOwn(set, target.text))
}

interface Script {
  script: string
  text: string | undefined
}

function scriptsOf(command: SimpleCommand, { cwd, read }: Pick<Search, 'cwd' | 'read'>): Script[] {
  const [first, ...rest] = command.words.map((word) => word.text)
  if (first === undefined) return []
  const name = first.slice(first.lastIndexOf('/') + 1)
  if (startsOthers(name)) {
    const start = command.words.findIndex((word, index) => index > 0 && startsScripts(word.text))
    return start === -1 ? [] : scriptsOf({ ...command, words: command.words.slice(start) }, { cwd, read })
  }
  if (runners.test(name)) return packageScripts(name, rest, { cwd, read })
  if (shells.test(name) || name === 'source' || name === '.') {
    if (rest.some((arg) => /^-[a-z]*c/.test(arg))) return inline(rest)
    const file = rest.find((arg) => !arg.startsWith('-'))
    return file === undefined ? [] : [{ script: file, text: read(join(cwd, file)) }]
  }
  if (!first.includes('/')) return []
  const text = read(join(cwd, first))
  // A program of another kind starts no installer: only shells and npm may stand before one.
  const isShell = text === undefined || !text.startsWith('#!') || /^#!.*\b(?:ba|z|da|k|a)?sh\b/.test(text)
  return isShell ? [{ script: first, text }] : []
}

function startsScripts(word: string): boolean {
  const name = word.slice(word.lastIndexOf('/') + 1)
  return runners.test(name) || shells.test(name) || word.startsWith('./')
}

/** `bash -c '…'`: dangers in it were found already; scripts that it runs were not. */
function inline(args: readonly string[]): Script[] {
  const text = args[args.findIndex((arg) => /^-[a-z]*c/.test(arg)) + 1]
  return text === undefined ? [] : [{ script: `-c ${text}`, text }]
}

function packageScripts(
  runner: string,
  args: readonly string[],
  { cwd, read }: Pick<Search, 'cwd' | 'read'>,
): Script[] {
  const words = args.filter((arg) => !arg.startsWith('-'))
  const [verb = '', named = ''] = words
  const isRun = /^(?:run|run-script|rum|urn)$/.test(verb)
  const wanted = isRun ? named : (namedScripts[verb] ?? (runner === 'npm' ? '' : verb))
  if (wanted === '') return []
  const scripts = scriptsIn(read(join(cwd, 'package.json')))
  // Which package a workspace option names is not looked up: any script of that name may run.
  if (scripts === null || args.some((arg) => /^(?:-w|--workspaces?|--prefix|-C)(?:=|$)/.test(arg))) {
    return [{ script: `${runner} ${isRun ? `run ${wanted}` : verb}`, text: undefined }]
  }
  return [`pre${wanted}`, wanted, `post${wanted}`].flatMap((script) => {
    const text = scripts[script]
    return text === undefined ? [] : [{ script: `${runner} run ${script}`, text }]
  })
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

function join(cwd: string, path: string): string {
  const out: string[] = []
  for (const segment of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (segment === '..') out.pop()
    else if (segment !== '' && segment !== '.') out.push(segment)
  }
  return out.join('/')
}
