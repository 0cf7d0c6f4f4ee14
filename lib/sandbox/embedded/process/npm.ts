import { decodeUtf8, messageOf } from '@/lib/base'
import { nodeVersion, npmVersion } from '@/lib/registry/machine-target'
import { quote } from '../shell/quote'
import type { ProcessHost } from './host'
import { chooseWorkspaces, findWorkspaces, type Workspace } from './npm-workspaces'

interface Manifest {
  name?: string
  version?: string
  workspaces?: unknown
  scripts?: Record<string, string>
  bin?: unknown
  config?: unknown
  engines?: unknown
}

const aliases: Record<string, string> = {
  t: 'test',
  tst: 'test',
  rum: 'run',
  urn: 'run',
}
/** Script names that are commands of their own. */
const lifecycle = new Set(['test', 'start', 'stop', 'restart'])

/** `npm run`, `npm test`, `npm start` as npm does them. The rest of npm is in a bundle of its own (see `npm/program.ts`). */
export async function npm(given: ProcessHost): Promise<number> {
  const { words, flags, passed } = readWords(given.argv.slice(1))
  // What `npm run -s` calls is as quiet.
  flags.isSilent ||= given.env.npm_config_loglevel === 'silent'
  const cwd = flags.folder === null ? nearestProject(given) : absolute(given.cwd, flags.folder)
  const host = { ...given, cwd, env: { ...given.env, INIT_CWD: given.cwd } }
  const [first = 'help', ...rest] = words
  const command = aliases[first] ?? first
  if (command === 'help' || flags.wantsHelp) return say(host, usage)
  const manifest = readManifest(host)
  if (typeof manifest === 'string') return complain(host, manifest)
  const run = (name: string, args: string[]) => {
    const wanted = { name, words: [...args, ...passed], flags }
    const isHere = flags.workspaces.length === 0 && !flags.isEverywhere
    return isHere ? runScript(host, manifest, wanted) : runInWorkspaces(host, manifest, wanted)
  }
  if (lifecycle.has(command)) return run(command, rest)
  if (command === 'run' || command === 'run-script') {
    const [name, ...args] = rest
    if (name !== undefined) return run(name, args)
    return say(host, flags.isJson ? JSON.stringify(manifest.scripts ?? {}, null, 2) : listScripts(manifest))
  }
  const meant = Object.hasOwn(manifest.scripts ?? {}, command) ? `\nDid you mean: npm run ${command}` : ''
  return complain(host, `Unknown command: "${command}"${meant}\n${usage}`)
}

/** The folder that npm works in: the nearest with a package.json. */
function nearestProject({ fs, cwd }: ProcessHost): string {
  for (let folder = cwd; folder !== ''; folder = folder.slice(0, folder.lastIndexOf('/')))
    if (fs.exists(`${folder}/package.json`)) return folder
  return cwd
}

/** `npx` for what the sandbox brings along; the kernel sends nothing else here. */
export async function npx(host: ProcessHost): Promise<number> {
  return runChild(host, host.argv.slice(1))
}

interface Flags {
  isSilent: boolean
  ifPresent: boolean
  /** `--ignore-scripts`: without those before and after. */
  isAlone: boolean
  /** `-w`: names or folders. */
  workspaces: string[]
  /** `--workspaces`: in all of them. */
  isEverywhere: boolean
  withRoot: boolean
  /** Where package.json is, when it is not in the present folder. */
  folder: string | null
  wantsHelp: boolean
  isJson: boolean
}

/** npm's own options before `--`; what else there is goes to the script. */
function readWords(argv: readonly string[]): { words: string[]; flags: Flags; passed: string[] } {
  const end = argv.indexOf('--')
  const own = end === -1 ? argv : argv.slice(0, end)
  const flags: Flags = {
    ...{ isSilent: false, ifPresent: false, isAlone: false, folder: null },
    ...{ workspaces: [], isEverywhere: false, withRoot: false, wantsHelp: false, isJson: false },
  }
  const words: string[] = []
  for (let at = 0; at < own.length; at++) {
    const word = own[at] ?? ''
    const folder = /^--prefix=(.*)$/.exec(word)?.[1]
    const workspace = /^(?:--workspace|-w)=(.*)$/.exec(word)?.[1]
    const level = word === '--loglevel' ? own[++at] : /^--loglevel=(.*)$/.exec(word)?.[1]
    if (word === '-s' || word === '--silent' || level === 'silent') flags.isSilent = true
    else if (level !== undefined || /^(?:-d+|-q|--quiet|--verbose|--foreground-scripts)$/.test(word)) continue
    else if ((word === '--help' || word === '-h') && words.length < 2) flags.wantsHelp = true
    else if (word === '--json' && words.length < 2) flags.isJson = true
    else if (word === '--if-present') flags.ifPresent = true
    else if (word === '--ignore-scripts') flags.isAlone = true
    else if (folder !== undefined) flags.folder = folder
    else if (word === '--workspaces' || word === '-ws') flags.isEverywhere = true
    else if (word === '--include-workspace-root' || word === '-iwr') flags.withRoot = true
    else if (workspace !== undefined) flags.workspaces.push(workspace)
    else if (word === '--workspace' || word === '-w') flags.workspaces.push(own[++at] ?? '')
    else if (word === '--prefix' || word === '-C') flags.folder = own[++at] ?? '.'
    else words.push(word)
  }
  return { words, flags, passed: end === -1 ? [] : argv.slice(end + 1) }
}

const absolute = (cwd: string, folder: string) =>
  folder.startsWith('/') ? folder : `${cwd}/${folder}`.replaceAll(/\/\.(?=\/|$)/g, '').replace(/\/$/, '')

interface ScriptRun {
  name: string
  words: string[]
  flags: Flags
}

async function runScript(host: ProcessHost, manifest: Manifest, { name, words, flags }: ScriptRun): Promise<number> {
  const scripts: Record<string, string> = {
    ...(name === 'restart' && { restart: 'npm stop --if-present && npm start' }),
    ...(name === 'start' && host.fs.exists(`${host.cwd}/server.js`) && { start: 'node server.js' }),
    ...(name === 'env' && { env: 'env' }),
    ...manifest.scripts,
  }
  const script = Object.hasOwn(scripts, name) ? scripts[name] : undefined
  if (script === undefined) {
    return flags.ifPresent ? 0 : complain(host, `Missing script: "${name}"\n\n${listScripts(manifest)}`)
  }
  for (const step of flags.isAlone ? [name] : [`pre${name}`, name, `post${name}`]) {
    const text = Object.hasOwn(scripts, step) ? scripts[step] : undefined
    if (text === undefined) continue
    const line = step === name ? [text, ...words.map(quote)].join(' ') : text
    if (!flags.isSilent) host.stdout(`\n> ${[label(manifest), step].filter(Boolean).join(' ')}\n> ${line}\n\n`)
    const about = { npm_lifecycle_event: step, npm_lifecycle_script: text }
    const env: Record<string, string> = { ...packageVariables(host, manifest, name), ...about }
    if (flags.isSilent) env.npm_config_loglevel = 'silent'
    const code = await runChild(host, ['sh', '-c', line], env)
    if (code !== 0) return code
  }
  return 0
}

/** What npm tells scripts of their package. */
function packageVariables({ cwd, env }: ProcessHost, manifest: Manifest, script: string): Record<string, string> {
  const { name = '', version = '', bin, config, engines } = manifest
  const bins = typeof bin === 'string' ? { [name.replace(/^@[^/]+\//, '')]: bin } : bin
  return {
    npm_package_name: name,
    npm_package_version: version,
    npm_package_json: `${cwd}/package.json`,
    ...variablesOf('npm_package_bin', bins),
    ...variablesOf('npm_package_config', config),
    ...variablesOf('npm_package_engines', engines),
    npm_config_user_agent: env.npm_config_user_agent ?? userAgentOf('npm'),
    npm_command: lifecycle.has(script) ? script : 'run',
  }
}

/** Programs read from it which package manager called them. */
export const userAgentOf = (manager: string): string =>
  `${manager === 'npm' ? '' : `${manager}/0.0.0 `}npm/${npmVersion} node/${nodeVersion} linux x64 workspaces/false`

/** `{ a: { b: 1 } }` → `<prefix>_a_b=1`. */
function variablesOf(prefix: string, value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return value === undefined ? {} : { [prefix]: String(value) }
  return Object.assign(
    {},
    ...Object.entries(value).map(([key, inner]) => variablesOf(`${prefix}_${key.replaceAll(/\W/g, '_')}`, inner)),
  )
}

/** `-w` and `--workspaces`: one folder after the other, whatever becomes of each. */
async function runInWorkspaces(host: ProcessHost, manifest: Manifest, wanted: ScriptRun): Promise<number> {
  const { flags, name } = wanted
  const all = findWorkspaces({ fs: host.fs, root: host.cwd, workspaces: manifest.workspaces })
  if (all.length === 0) return complain(host, 'No workspaces found!')
  const chosen: Workspace[] = flags.isEverywhere ? all : []
  for (const word of flags.workspaces) {
    const found = chooseWorkspaces(all, host.cwd, word)
    if (!found) return complain(host, `No workspaces found:\n  --workspace=${word}`)
    chosen.push(...found)
  }
  let result = 0
  const folders = [...(flags.withRoot ? [host.cwd] : []), ...new Set(chosen.map(({ folder }) => folder))]
  for (const folder of folders) {
    const inside = { ...host, cwd: folder }
    const own = readManifest(inside)
    const code = typeof own === 'string' ? complain(host, own) : await runScript(inside, own, wanted)
    if (code === 0) continue
    const workspace = typeof own === 'string' ? folder : label(own) || folder
    complain(
      host,
      `Lifecycle script \`${name}\` failed with error:\ncode ${code}\nworkspace ${workspace}\nlocation ${folder}`,
    )
    result = 1
  }
  return result
}

function runChild(host: ProcessHost, argv: string[], env: Record<string, string> = {}): Promise<number> {
  // Ctrl+C reaches the child as well; its exit code decides.
  host.onSignal(() => undefined)
  const bins: string[] = []
  for (let folder = host.cwd; folder !== ''; folder = folder.slice(0, folder.lastIndexOf('/')))
    bins.push(`${folder}/node_modules/.bin`)
  const PATH = [...bins, host.env.PATH ?? ''].join(':')
  const child = host.spawn(argv, { cwd: host.cwd, stdin: 'inherit', env: { ...host.env, PATH, ...env } })
  child.onOutput(({ stream, data }) => host[stream](data))
  return child.exit
}

function readManifest(host: ProcessHost): Manifest | string {
  const path = `${host.cwd}/package.json`
  if (!host.fs.exists(path)) return `There is no package.json in ${host.cwd}.`
  try {
    const value: unknown = JSON.parse(decodeUtf8(host.fs.readFile(path)) ?? '')
    return typeof value === 'object' && value !== null ? value : 'package.json must hold an object.'
  } catch (error) {
    return `package.json cannot be read: ${messageOf(error)}`
  }
}

function label({ name, version }: Manifest): string {
  return name === undefined ? '' : version === undefined ? name : `${name}@${version}`
}

const lifecycleScripts = new Set([
  ...['prepare', 'prepublishOnly', 'prepack', 'postpack', 'dependencies'],
  ...['install', 'publish', 'restart', 'start', 'stop', 'test', 'uninstall', 'version'].flatMap((name) => [
    `pre${name}`,
    name,
    `post${name}`,
  ]),
])

function listScripts(manifest: Manifest): string {
  const scripts = Object.entries(manifest.scripts ?? {})
  if (scripts.length === 0) return 'package.json has no scripts.'
  const rows = (isLifecycle: boolean) =>
    scripts
      .filter(([name]) => lifecycleScripts.has(name) === isLifecycle)
      .map(([name, script]) => `  ${name}\n    ${script}`)
  const [own, others] = [rows(true), rows(false)]
  const title = `Lifecycle scripts included in ${label(manifest) || 'this project'}:`
  return [
    ...(own.length > 0 ? [title, ...own] : []),
    ...(others.length > 0 ? ['available via `npm run`:', ...others] : []),
  ].join('\n')
}

function say(host: ProcessHost, text: string): number {
  host.stdout(`${text}\n`)
  return 0
}

function complain(host: ProcessHost, text: string): number {
  host.stderr(`${text.replaceAll(/^.*$/gm, (line) => `npm error ${line}`.trimEnd())}\n`)
  return 1
}

const usage =
  'Usage: npm install [name…] | ci | uninstall | update | run [script] | test | start | exec | create | init | ls | outdated | view | explain | prune | dedupe | pack | pkg | version | config | prefix | root'
