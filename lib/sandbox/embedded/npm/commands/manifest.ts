import semver from 'semver'
import { npmVersion } from '@/lib/registry/machine-target'
import { npm as runScripts } from '../../process/npm'
import type { NpmArguments } from '../options'
import { findProject, type Manifest, readJson } from '../project'
import type { Terminal } from '../terminal'
import { chosenWorkspaces, inFolder } from '../workspaces'
import { install } from './install'

function folderOf({ host }: Terminal, { flags }: NpmArguments): string {
  const prefix = flags.get('prefix')
  if (typeof prefix !== 'string') return findProject(host.fs, host.cwd)
  return prefix.startsWith('/') ? prefix : `${host.cwd}/${prefix}`
}

function open(terminal: Terminal, args: NpmArguments): Manifest {
  const path = `${folderOf(terminal, args)}/package.json`
  if (!terminal.host.fs.exists(path)) throw new Error(`There is no package.json in ${folderOf(terminal, args)}.`)
  return readJson(terminal.host.fs, path)
}

/** Writes with the indentation and the end that the file has. */
function save(terminal: Terminal, path: string, value: unknown): void {
  const text = new TextDecoder().decode(terminal.host.fs.readFile(path))
  const isOneLine = /\S/.test(text.replaceAll(/[{}\s]/g, '')) && !text.trim().includes('\n')
  const indent = /^[ \t]+/m.exec(text)?.[0] ?? (isOneLine ? '' : '  ')
  terminal.host.fs.writeFile(path, JSON.stringify(value, null, indent) + (text.endsWith('\n') ? '\n' : ''))
}

const releases = ['major', 'minor', 'patch', 'premajor', 'preminor', 'prepatch', 'prerelease'] as const

/**
 * `npm version`, `npm version patch`, `npm version 2.0.0`: in package.json and
 * package-lock.json, with a commit and a tag where the project is a repository.
 */
export async function version(terminal: Terminal, args: NpmArguments): Promise<number> {
  const workspaces = args.words.length > 0 ? chosenWorkspaces(terminal, args) : null
  if (!workspaces) return raise(terminal, args)
  let result = 0
  for (const { name = '', folder } of workspaces) {
    terminal.say(name)
    result ||= await raise(terminal, inFolder(args, folder))
  }
  // The lock file has the versions of workspaces too.
  const root = findProject(terminal.host.fs, terminal.host.cwd)
  return result || install(terminal, { words: [], flags: new Map([['prefix', root]]), rest: null })
}

async function raise(terminal: Terminal, args: NpmArguments): Promise<number> {
  const { words, flags } = args
  const folder = folderOf(terminal, args)
  const manifest = open(terminal, args)
  const [wanted] = words
  if (wanted === undefined) {
    const rows = { [manifest.name ?? 'project']: manifest.version ?? '', npm: npmVersion, node: '22.23.2' }
    terminal.say(
      flags.has('json')
        ? JSON.stringify(rows, null, 2)
        : `{\n${Object.entries(rows)
            .map(([name, value]) => `  ${/^\w+$/.test(name) ? name : `'${name}'`}: '${value}'`)
            .join(',\n')}\n}`,
    )
    return 0
  }
  if (words.length > 1) return terminal.fail('code EUSAGE\nSay one version: npm version patch')
  const release = releases.find((name) => name === wanted)
  const preid = flags.get('preid')
  const next = release
    ? semver.inc(manifest.version ?? '0.0.0', release, typeof preid === 'string' ? preid : '')
    : semver.valid(wanted)
  if (next === null)
    return terminal.fail(`Invalid version: ${wanted}\nUse ${releases.join(', ')}, or a version such as 1.2.3.`)
  if (next === manifest.version && !flags.has('allow-same-version')) return terminal.fail('Version not changed')
  const repository = flags.get('git-tag-version') === false ? null : repositoryAt(terminal, folder)
  const changed = (await repository?.run(['status', '--porcelain']))?.output
    .split('\n')
    .filter((line) => /^(?!\?\?)./.test(line))
  if (changed && changed.length > 0 && !flags.has('force'))
    return terminal.fail(`Git working directory not clean.\n${changed.join('\n')}`)
  const script = (name: string) =>
    runVersionScript(terminal, { folder, name, before: manifest.version ?? '', next, args })
  const stopped = await script('preversion')
  if (stopped !== 0) return stopped
  save(terminal, `${folder}/package.json`, { ...manifest, version: next })
  const lockPath = `${folder}/package-lock.json`
  if (terminal.host.fs.exists(lockPath)) {
    const lock = readJson(terminal.host.fs, lockPath)
    const packages = lock.packages as Record<string, Manifest> | undefined
    if (packages?.['']) packages[''] = { ...packages[''], version: next }
    save(terminal, lockPath, { ...lock, version: next })
  }
  const refused = (await script('version')) || (await commit(repository, next, flags)) || (await script('postversion'))
  if (refused !== 0) return refused
  terminal.say(`v${next}`)
  return 0
}

interface Repository {
  run(argv: string[]): Promise<{ code: number; output: string }>
  has(file: string): boolean
}

/** Only where the folder is a repository's own, as npm has it. */
function repositoryAt({ host }: Terminal, folder: string): Repository | null {
  if (!host.fs.exists(`${folder}/.git`)) return null
  return {
    has: (file) => host.fs.exists(`${folder}/${file}`),
    async run(argv) {
      const child = host.spawn(['git', ...argv], { cwd: folder, stdin: new Uint8Array() })
      let output = ''
      child.onOutput(({ stream, data }) => {
        if (stream === 'stderr') host.stderr(data)
        else output += new TextDecoder().decode(data)
      })
      return { code: await child.exit, output }
    },
  }
}

/** The commit and the tag of a version; an exit code. */
async function commit(repository: Repository | null, version: string, flags: NpmArguments['flags']): Promise<number> {
  if (!repository) return 0
  const wanted = flags.get('message')
  const message = (typeof wanted === 'string' ? wanted : '%s').replaceAll('%s', version)
  const files = ['package.json', 'package-lock.json', 'npm-shrinkwrap.json'].filter(repository.has)
  const steps = [
    ['add', ...files],
    ['commit', '-m', message],
    ['tag', '-a', '-m', message, `v${version}`],
  ]
  let code = 0
  for (const step of steps) code ||= (await repository.run(step)).code
  return code
}

interface VersionScript {
  folder: string
  name: string
  before: string
  next: string
  args: NpmArguments
}

function runVersionScript(
  terminal: Terminal,
  { folder, name, before, next, args }: VersionScript,
): Promise<number> | number {
  if (args.flags.get('ignore-scripts') === true || open(terminal, args).scripts?.[name] === undefined) return 0
  const env = { ...terminal.host.env, npm_old_version: before, npm_new_version: next }
  return runScripts({ ...terminal.host, cwd: folder, env, argv: ['npm', 'run', '--ignore-scripts', name] })
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** `npm pkg get|set|delete`. */
export async function pkg(terminal: Terminal, args: NpmArguments): Promise<number> {
  const workspaces = chosenWorkspaces(terminal, args)
  if (!workspaces) return edit(terminal, args)
  const isMany = args.flags.has('workspace') || args.flags.has('workspaces')
  if (args.words[0] === 'get' && isMany) {
    const shown = workspaces.map(({ name = '', folder }) => [
      name,
      fieldsAt(open(terminal, inFolder(args, folder)), args.words.slice(1)),
    ])
    terminal.say(JSON.stringify(Object.fromEntries(shown), null, 2))
    return 0
  }
  let result = 0
  for (const { folder } of workspaces) result ||= await edit(terminal, inFolder(args, folder))
  return result
}

async function edit(terminal: Terminal, args: NpmArguments): Promise<number> {
  const { words, flags } = args
  const [action, ...rest] = words
  const path = `${folderOf(terminal, args)}/package.json`
  const manifest = open(terminal, args) as { [key: string]: Json }
  switch (action) {
    case 'get': {
      terminal.say(JSON.stringify(fieldsAt(manifest, rest), null, 2))
      return 0
    }
    case 'set': {
      for (const word of rest) {
        const at = word.indexOf('=')
        if (at === -1) return terminal.fail('npm pkg set expects a key=value pair of args.')
        const text = word.slice(at + 1)
        setAt(manifest, keysOf(word.slice(0, at)), flags.has('json') ? (JSON.parse(text) as Json) : text)
      }
      sortDependencies(manifest)
      save(terminal, path, manifest)
      return 0
    }
    case 'delete':
    case 'rm': {
      if (rest.length === 0) return terminal.fail('npm pkg delete expects key args.')
      for (const key of rest) deleteAt(manifest, keysOf(key))
      save(terminal, path, manifest)
      return 0
    }
    case 'fix':
      return 0
    default:
      return terminal.fail('Usage: npm pkg get [<key> …] | set <key>=<value> … [--json] | delete <key> …')
  }
}

/** The whole, one value, or several by their keys. */
function fieldsAt(manifest: Manifest, keys: readonly string[]): unknown {
  const [only] = keys
  if (only === undefined) return manifest
  const found = (key: string) => valueAt(manifest as Fields, keysOf(key))
  if (keys.length === 1) return found(only) ?? {}
  return Object.fromEntries(keys.map((key) => [key, found(key)]).filter(([, value]) => value !== undefined))
}

/** npm keeps the names of packages in order. */
function sortDependencies(manifest: Fields): void {
  for (const field of ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']) {
    const names = fieldsOf(own(manifest, field))
    if (names && !Array.isArray(names))
      manifest[field] = Object.fromEntries(
        Object.entries(names).sort(([one], [other]) => one.localeCompare(other, 'en')),
      )
  }
}

/** `scripts.test`, `files[0]`, `exports["."]`. */
function keysOf(path: string): string[] {
  return [...path.matchAll(/\[["']?([^\]"']*)["']?\]|([^.[\]]+)/g)].map(
    ([, bracketed, plain]) => bracketed ?? plain ?? '',
  )
}

type Fields = { [key: string]: Json }
const fieldsOf = (value: Json | undefined): Fields | null =>
  typeof value === 'object' && value !== null ? (value as Fields) : null
const own = (fields: Fields | null, key: string): Json | undefined =>
  fields && Object.hasOwn(fields, key) ? fields[key] : undefined

function valueAt(value: Json, keys: readonly string[]): Json | undefined {
  return keys.reduce<Json | undefined>((at, key) => own(fieldsOf(at), key), value)
}

function setAt(fields: Fields, keys: readonly string[], value: Json): void {
  const [key = '', next, ...rest] = keys
  if (key === '__proto__') throw new Error('__proto__ cannot be set.')
  if (Array.isArray(fields) && key === '') fields.push(value)
  else if (next === undefined) fields[key] = value
  else {
    fields[key] = own(fields, key) ?? (/^\d*$/.test(next) ? [] : {})
    const inner = fieldsOf(fields[key])
    if (!inner) throw new Error(`${key} holds no other values.`)
    setAt(inner, [next, ...rest], value)
  }
}

function deleteAt(fields: Fields, keys: readonly string[]): void {
  const inner = fieldsOf(valueAt(fields, keys.slice(0, -1)))
  const last = keys.at(-1) ?? ''
  if (Array.isArray(inner)) inner.splice(Number(last), 1)
  else if (inner) delete inner[last]
}

const nothingGlobal = 'There is nothing global in the sandbox, so there is no folder for it.'

export async function prefix(terminal: Terminal, args: NpmArguments): Promise<number> {
  if (args.flags.get('global') === true) return terminal.fail(nothingGlobal)
  terminal.say(folderOf(terminal, args))
  return 0
}

export async function root(terminal: Terminal, args: NpmArguments): Promise<number> {
  if (args.flags.get('global') === true) return terminal.fail(nothingGlobal)
  terminal.say(`${folderOf(terminal, args)}/node_modules`)
  return 0
}
