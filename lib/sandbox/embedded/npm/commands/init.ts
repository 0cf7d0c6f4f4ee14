import { basename, decodeUtf8 } from '@/lib/base'
import type { VirtualFs } from '../../process/host'
import { findWorkspaces } from '../../process/npm-workspaces'
import { listOf, type NpmArguments, readConfig } from '../options'
import { findProject, type Manifest, readJson } from '../project'
import type { Terminal } from '../terminal'
import { execute } from './exec'
import { install } from './install'

/** `npm init -y` writes a package.json; `npm init vite` and `npm create vite` run `create-vite`. */
export async function init(terminal: Terminal, args: NpmArguments): Promise<number> {
  const [initializer, ...words] = args.words
  const { host } = terminal
  if (initializer !== undefined) {
    const lost = [...args.flags.keys()].filter((name) => !own.has(name))
    // As npm has it, what stands before `--` is npm's.
    if (lost.length > 0)
      terminal.warn(
        `Unknown cli config "--${lost[0]}". Options of ${initializer} come after --: npm create ${initializer} -- --${lost[0]}`,
      )
    return execute(terminal, {
      words: [createPackage(initializer), ...words, ...(args.rest ?? [])],
      isAgreed: args.flags.has('yes'),
    })
  }
  const workspaces = listOf(args.flags, 'workspace')
  for (const workspace of workspaces) await addWorkspace(terminal, args, workspace)
  if (workspaces.length > 0) {
    const root = findProject(host.fs, host.cwd)
    return install(terminal, { words: [], flags: new Map([['prefix', root]]), rest: null })
  }
  writeManifest(terminal, args, host.cwd)
  if (!args.flags.has('yes')) terminal.say('Defaults were taken; edit package.json to change them.')
  return 0
}

/** Options of `npm init` itself. */
const own = new Set(['yes', 'force', 'scope', 'silent', 'loglevel', 'workspace', 'allow-new', 'prefix'])

function writeManifest(terminal: Terminal, { flags }: NpmArguments, folder: string): void {
  const { fs } = terminal.host
  const path = `${folder}/package.json`
  const existing: Manifest = fs.exists(path) ? readJson(fs, path) : {}
  const config = readConfig(flags, terminal.host, findProject(fs, folder))
  const given = (name: string, fallback: string) => {
    const value = config.get(name)
    return typeof value === 'string' ? value : fallback
  }
  const scope = given('scope', '').replace(/^@?(?=.)/, '@')
  const main = ['index.js', 'index.mjs', 'index.cjs', 'server.js', 'main.js'].find((name) =>
    fs.exists(`${folder}/${name}`),
  )
  const defaults = {
    name: (scope && `${scope}/`) + packageName(basename(folder)),
    version: given('init-version', '1.0.0'),
    description: descriptionIn(fs, folder),
    main: main ?? 'index.js',
    scripts: {
      test: 'echo "Error: no test specified" && exit 1',
      ...(fs.exists(`${folder}/server.js`) && { start: 'node server.js' }),
    },
    keywords: [],
    author: given('init-author-name', ''),
    license: given('init-license', 'ISC'),
    type: given('init-type', 'commonjs'),
  }
  // What is there keeps its place; what is not follows.
  const manifest = {
    ...existing,
    ...(scope && existing.name && { name: `${scope}/${existing.name.replace(/^@[^/]+\//, '')}` }),
    ...Object.fromEntries(Object.entries(defaults).filter(([key]) => !Object.hasOwn(existing, key))),
  }
  const text = JSON.stringify(manifest, null, 2)
  fs.mkdir(folder, { recursive: true })
  fs.writeFile(path, `${text}\n`)
  terminal.say(`Wrote to ${path}:\n\n${text}\n\n`)
}

/** The first line of text in the readme. */
function descriptionIn(fs: VirtualFs, folder: string): string {
  const name = ['README.md', 'readme.md', 'Readme.md', 'README'].find((each) => fs.exists(`${folder}/${each}`))
  const lines = name ? (decodeUtf8(fs.readFile(`${folder}/${name}`)) ?? '').split('\n') : []
  return lines.map((line) => line.trim()).find((line) => line !== '' && !/^(?:#|=+$|-+$|<|!\[|\[!)/.test(line)) ?? ''
}

/** A new package in a folder of its own, which package.json then lists. */
async function addWorkspace(terminal: Terminal, args: NpmArguments, folder: string): Promise<void> {
  const { fs, cwd } = terminal.host
  const root = findProject(fs, cwd)
  const path = folder.replace(/^\.\//, '').replace(/\/$/, '')
  writeManifest(terminal, args, `${root}/${path}`)
  const manifest = fs.exists(`${root}/package.json`) ? readJson(fs, `${root}/package.json`) : {}
  const isListed = findWorkspaces({ fs, root, workspaces: manifest.workspaces }).some(
    (each) => each.folder === `${root}/${path}`,
  )
  if (isListed) return
  const listed = Array.isArray(manifest.workspaces) ? (manifest.workspaces as unknown[]) : []
  fs.writeFile(`${root}/package.json`, `${JSON.stringify({ ...manifest, workspaces: [...listed, path] }, null, 2)}\n`)
}

function packageName(folder: string): string {
  return (
    folder
      .toLowerCase()
      .replaceAll(/[^a-z0-9._~-]+/g, '-')
      .replace(/^[._-]+/, '') || 'project'
  )
}

/** `vite` → `create-vite`, `@scope` → `@scope/create`, `@scope/app@1` → `@scope/create-app@1`. */
function createPackage(initializer: string): string {
  const [, scope, name = '', version = ''] = /^(@[^/@]+\/?)?([^@]*)(@.*)?$/.exec(initializer) ?? []
  if (scope === undefined) return `create-${name}${version}`
  const within = scope.replace(/\/$/, '')
  return name === '' ? `${within}/create${version}` : `${within}/create-${name}${version}`
}
