import { decodeUtf8 } from '@/lib/base'
import type { ProcessHost, VirtualFs } from '../process/host'

/** A command line of npm: words, and flags by their long names. */
export interface NpmArguments {
  words: string[]
  flags: ReadonlyMap<string, string | boolean>
  /** What follows `--`. */
  rest: string[] | null
}

const shortFlags: Record<string, string> = {
  B: 'save-bundle',
  C: 'prefix',
  D: 'save-dev',
  E: 'save-exact',
  O: 'save-optional',
  P: 'save-prod',
  S: 'save',
  f: 'force',
  g: 'global',
  h: 'help',
  l: 'long',
  m: 'message',
  s: 'silent',
  w: 'workspace',
  ws: 'workspaces',
  iwr: 'include-workspace-root',
  y: 'yes',
  c: 'call',
  d: 'verbose',
  p: 'package',
  q: 'quiet',
  a: 'all',
  n: 'no',
}
const valueFlags = new Set([
  'prefix',
  'workspace',
  'omit',
  'include',
  'only',
  'save-prefix',
  'registry',
  'loglevel',
  'call',
  'package',
  'depth',
  'tag',
  'scope',
  'cache',
  'preid',
  'message',
  'pack-destination',
  'install-strategy',
  ...['type', 'license', 'version', 'author-name', 'author-email', 'author-url', 'module'].map(
    (name) => `init-${name}`,
  ),
])
/** May be given several times; the values are then kept one a line. */
const listFlags = new Set(['workspace', 'omit', 'include', 'package'])

/** Whether the next word belongs to this flag. */
export function takesValue(word: string): boolean {
  const name = word.replace(/^--?/, '')
  return valueFlags.has(word.startsWith('--') ? name : (shortFlags[name] ?? name))
}

export interface ParseOptions {
  /** Everything after this many words belongs to another program, flags too. */
  wordsBeforeProgram?: number
}

export function parseArguments(argv: readonly string[], { wordsBeforeProgram }: ParseOptions = {}): NpmArguments {
  const words: string[] = []
  const flags = new Map<string, string | boolean>()
  const setValue = (name: string, value: string) => {
    const before = listFlags.has(name) ? flags.get(name) : undefined
    flags.set(name, typeof before === 'string' ? `${before}\n${value}` : value)
  }
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? ''
    if (word === '--') return { words, flags, rest: argv.slice(index + 1) }
    if (!word.startsWith('-') || word === '-') {
      words.push(word)
      if (words.length === wordsBeforeProgram) return { words, flags, rest: argv.slice(index + 1) }
      continue
    }
    const [, dashes = '', name = '', value] = /^(--?)([^=]+)(?:=(.*))?$/s.exec(word) ?? []
    for (const long of dashes === '-' ? longNames(name) : [name]) {
      if (value !== undefined) setValue(long, value)
      else if (long.startsWith('no-')) flags.set(long.slice('no-'.length), false)
      else if (valueFlags.has(long)) setValue(long, argv[++index] ?? '')
      else flags.set(long, true)
    }
  }
  return { words, flags, rest: null }
}

/** `-D`, and `-DE` for both. */
function longNames(short: string): string[] {
  if (Object.hasOwn(shortFlags, short)) return [shortFlags[short] ?? short]
  const letters = [...short]
  return letters.every((letter) => Object.hasOwn(shortFlags, letter))
    ? letters.map((letter) => shortFlags[letter] ?? letter)
    : [short]
}

/** The values of a flag that may be given several times. */
export function listOf(
  flags: ReadonlyMap<string, string | boolean>,
  name: string,
  separator: string | RegExp = /[\s,]+/,
): string[] {
  const value = flags.get(name)
  return typeof value === 'string' ? value.split(separator).filter(Boolean) : []
}

/** Settings that change what an install does, from flags and from the project's `.npmrc`. */
export interface InstallSettings {
  saveType: 'prod' | 'dev' | 'optional' | 'peer' | undefined
  save: boolean
  savePrefix: string
  force: boolean
  legacyPeerDeps: boolean
  strictPeerDeps: boolean
  packageLock: boolean
  packageLockOnly: boolean
  dryRun: boolean
  allowNew: boolean
  engineStrict: boolean
  omit: string[]
  workspaces: string[]
}

/** Flags come before `npm_config_…` in the environment, and these before `.npmrc`. */
export function readConfig(
  flags: NpmArguments['flags'],
  { fs, env }: Pick<ProcessHost, 'fs' | 'env'>,
  project: string,
): NpmArguments['flags'] {
  return new Map<string, string | boolean>([...readNpmrc(fs, env, project), ...readEnvironment(env), ...flags])
}

export function readSettings(
  flags: NpmArguments['flags'],
  host: Pick<ProcessHost, 'fs' | 'env'>,
  project: string,
): InstallSettings {
  const given = readConfig(flags, host, project)
  const { env } = host
  const isSet = (name: string, fallback = false) => {
    const value = given.get(name) ?? fallback
    return value === true || value === 'true' || value === ''
  }
  const text = (name: string) => {
    const value = given.get(name)
    return typeof value === 'string' ? value : null
  }
  const saveType = (['dev', 'optional', 'peer', 'prod'] as const).find((type) => isSet(`save-${type}`))
  const omit = new Set(listOf(given, 'omit'))
  if (isSet('production') || isSet('prod') || /^prod/.test(text('only') ?? '')) omit.add('dev')
  if (env.NODE_ENV === 'production' && given.get('production') !== false) omit.add('dev')
  for (const kind of listOf(given, 'include')) omit.delete(kind)
  return {
    saveType,
    save: isSet('save', true),
    savePrefix: isSet('save-exact') ? '' : (text('save-prefix') ?? '^'),
    force: isSet('force'),
    legacyPeerDeps: isSet('legacy-peer-deps'),
    strictPeerDeps: isSet('strict-peer-deps'),
    packageLock: isSet('package-lock', true),
    packageLockOnly: isSet('package-lock-only'),
    dryRun: isSet('dry-run'),
    // A project must not be able to say this for those who install it.
    allowNew: flags.get('allow-new') === true,
    engineStrict: isSet('engine-strict'),
    omit: [...omit],
    workspaces: listOf(given, 'workspace'),
  }
}

function* readNpmrc(fs: VirtualFs, env: Record<string, string>, project: string): Iterable<[string, string | boolean]> {
  const path = `${project}/.npmrc`
  if (!fs.exists(path)) return
  const lists = new Map<string, string>()
  for (const line of (decodeUtf8(fs.readFile(path)) ?? '').split('\n')) {
    const [, name, brackets, raw = 'true'] = /^\s*([\w-]+)(\[\])?\s*(?:=\s*(.*?)\s*)?$/.exec(line) ?? []
    if (name === undefined) continue
    const value = raw.replace(/^(["'])(.*)\1$/, '$2').replaceAll(/\$\{(\w+)\}/g, (whole, key) => env[key] ?? whole)
    if (brackets) lists.set(name, `${lists.get(name) ?? ''}\n${value}`)
    else yield [name, toFlag(value)]
  }
  yield* lists
}

function* readEnvironment(env: Record<string, string>): Iterable<[string, string | boolean]> {
  for (const [key, value] of Object.entries(env)) {
    const name = /^npm_config_(\w+)$/i.exec(key)?.[1]?.toLowerCase().replaceAll('_', '-')
    if (name !== undefined && name !== 'user-agent') yield [name, toFlag(value)]
  }
}

const toFlag = (value: string) => (value === 'true' ? true : value === 'false' ? false : value)
