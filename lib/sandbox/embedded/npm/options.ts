import { decodeUtf8 } from '@/lib/base'
import type { VirtualFs } from '../process/host'

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
  l: 'long',
  s: 'silent',
  w: 'workspace',
  y: 'yes',
  c: 'call',
  p: 'package',
  a: 'all',
  n: 'no',
}
const valueFlags = new Set([
  'prefix',
  'workspace',
  'omit',
  'include',
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
])

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
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? ''
    if (word === '--') return { words, flags, rest: argv.slice(index + 1) }
    if (!word.startsWith('-') || word === '-') {
      words.push(word)
      if (words.length === wordsBeforeProgram) return { words, flags, rest: argv.slice(index + 1) }
      continue
    }
    const [, dashes = '', name = '', value] = /^(--?)([^=]+)(?:=(.*))?$/s.exec(word) ?? []
    const long = dashes === '-' ? (shortFlags[name] ?? name) : name
    if (value !== undefined) flags.set(long, value)
    else if (long.startsWith('no-')) flags.set(long.slice('no-'.length), false)
    else if (valueFlags.has(long)) flags.set(long, argv[++index] ?? '')
    else flags.set(long, true)
  }
  return { words, flags, rest: null }
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
  omit: string[]
  workspaces: string[]
}

export function readSettings(flags: NpmArguments['flags'], fs: VirtualFs, project: string): InstallSettings {
  const given = new Map<string, string | boolean>([...readNpmrc(fs, project), ...flags])
  const isSet = (name: string, fallback = false) => {
    const value = given.get(name) ?? fallback
    return value === true || value === 'true' || value === ''
  }
  const text = (name: string) => {
    const value = given.get(name)
    return typeof value === 'string' ? value : null
  }
  const saveType = (['dev', 'optional', 'peer', 'prod'] as const).find((type) => isSet(`save-${type}`))
  const omit = new Set(text('omit')?.split(/[\s,]+/) ?? [])
  if (isSet('production') || text('only') === 'prod') omit.add('dev')
  for (const kind of text('include')?.split(/[\s,]+/) ?? []) omit.delete(kind)
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
    omit: [...omit],
    workspaces: text('workspace')?.split(',') ?? [],
  }
}

function* readNpmrc(fs: VirtualFs, project: string): Iterable<[string, string | boolean]> {
  const path = `${project}/.npmrc`
  if (!fs.exists(path)) return
  for (const line of (decodeUtf8(fs.readFile(path)) ?? '').split('\n')) {
    const [, name, value] = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (name !== undefined) yield [name, value === 'true' ? true : value === 'false' ? false : (value ?? '')]
  }
}
