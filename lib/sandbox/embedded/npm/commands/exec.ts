import { isShellScript } from '../../process/find-command'
import { userAgentOf } from '../../process/npm'
import { binPath } from '../bins'
import { createInstaller } from '../install'
import { listOf, type NpmArguments, readSettings } from '../options'
import { createProgress } from '../progress'
import { binsOf, findProject, readJson } from '../project'
import { onCommandLine } from '../specs'
import type { Terminal } from '../terminal'
import { chosenWorkspaces, inFolder } from '../workspaces'

/** Where packages go that are run without being part of the project. */
const cacheFolder = '/tmp/.npm/_npx'
/** What the sandbox brings along itself; a project's own copy would do the same, slower. */
const provided = new Set(['node', 'vitest', 'jest', 'tsc', 'tsx', 'vite'])

export interface Execution {
  words: string[]
  /** `-p`: packages to have at hand; the first word is then a command of theirs. */
  packages?: string[]
  /** `--no`, `--no-install`: nothing is loaded. */
  mayLoad?: boolean
  /** `-y`: without a word about what is loaded. */
  isAgreed?: boolean
}

/** `npx <command>`, `npm exec -- <command>`, with `--package`, `-c` and workspaces. */
export async function exec(terminal: Terminal, args: NpmArguments): Promise<number> {
  const { flags } = args
  const words = [...args.words, ...(args.rest ?? [])]
  const call = flags.get('call')
  const packages = listOf(flags, 'package', '\n')
  if (flags.has('workspace') || flags.has('workspaces')) {
    let result = 0
    for (const { folder } of chosenWorkspaces(terminal, args) ?? []) {
      const inside = { ...terminal, host: { ...terminal.host, cwd: folder } }
      result ||= await exec(inside, inFolder(args, folder))
    }
    return result
  }
  const options = {
    packages,
    mayLoad: flags.get('no') !== true && flags.get('install') !== false && flags.get('yes') !== false,
    isAgreed: flags.has('yes'),
  }
  if (typeof call === 'string') {
    const loaded = packages.length > 0 ? await loadPackages(terminal, packages, options) : null
    if (typeof loaded === 'string') return terminal.fail(loaded)
    return run(terminal, ['sh', '-c', call], loaded?.folder)
  }
  if (words.length === 0) return terminal.fail('Say what to run, e.g. npx cowsay hello')
  return execute(terminal, { ...options, words })
}

export async function execute(terminal: Terminal, execution: Execution): Promise<number> {
  const { host } = terminal
  const { packages = [] } = execution
  const [word = '', ...words] = execution.words
  const project = findProject(host.fs, host.cwd)
  if (packages.length === 0) {
    if (provided.has(word)) return run(terminal, [word, ...words])
    const own = binPath(host.fs, project, word) ?? ownCommand(terminal, project, word)
    if (own) return run(terminal, [...runnerOf(terminal, own), ...words])
  }
  const loaded = await loadPackages(terminal, packages.length > 0 ? packages : [word], execution)
  if (typeof loaded === 'string') return terminal.fail(loaded)
  const { folder, names } = loaded
  const command = packages.length > 0 ? word : commandOf(terminal, `${folder}/node_modules/${names[0] ?? ''}`)
  const script = command === null ? null : binPath(host.fs, folder, command)
  // `npx -p a -c …` may as well name a program of the machine.
  if (script === null && packages.length > 0) return run(terminal, [word, ...words], folder)
  if (script === null)
    return terminal.fail(`could not determine executable to run\n${names[0] ?? word} has no command to run.`)
  return run(terminal, [...runnerOf(terminal, script), ...words], folder)
}

interface Loaded {
  folder: string
  names: string[]
}

/** The packages in a folder of their own outside the project, loaded when they are not there yet; a sentence when they may not be. */
async function loadPackages(
  terminal: Terminal,
  specs: readonly string[],
  { mayLoad = true, isAgreed = false }: Pick<Execution, 'mayLoad' | 'isAgreed'>,
): Promise<Loaded | string> {
  const { host } = terminal
  const folder = `${cacheFolder}/${specs.map((spec) => spec.replaceAll(/[^\w.@-]+/g, '+')).join('+')}`
  const namesIn = () => Object.keys(readJson(host.fs, `${folder}/package.json`).dependencies ?? {})
  if (host.fs.exists(`${folder}/package-lock.json`)) return { folder, names: namesIn() }
  if (!mayLoad) return `npx canceled due to missing packages and no YES option: ${JSON.stringify(specs)}`
  host.fs.mkdir(folder, { recursive: true })
  host.fs.writeFile(`${folder}/package.json`, '{}\n')
  const settings = readSettings(new Map(), host, folder)
  const progress = createProgress(host)
  const installer = createInstaller({ host, project: folder, settings, progress })
  try {
    const tree = await installer.resolve({ add: onCommandLine(host, specs) })
    const found = [...tree.root.edgesOut.values()].map(({ name, to }) => `${to?.packageName ?? name}@${to?.version}`)
    progress.clear()
    if (!isAgreed) {
      const what = found.length === 1 ? 'package was' : 'packages were'
      terminal.warn(`exec The following ${what} not found and will be installed: ${found.join(', ')}`)
    }
    const report = await installer.reify(tree.root)
    await tree.save()
    progress.clear()
    for (const problem of report.problems) terminal.warn(problem)
    return { folder, names: namesIn() }
  } catch (error) {
    host.fs.rm(folder, { recursive: true, force: true })
    throw error
  } finally {
    progress.clear()
  }
}

/** The one command of a package: that of its name where it has several. */
function commandOf({ host }: Terminal, folder: string): string | null {
  if (!host.fs.exists(`${folder}/package.json`)) return null
  const manifest = readJson(host.fs, `${folder}/package.json`)
  const bins = binsOf(manifest)
  const plain = manifest.name?.replace(/^@[^/]+\//, '') ?? ''
  if (Object.hasOwn(bins, plain)) return plain
  return new Set(Object.values(bins)).size === 1 ? (Object.keys(bins)[0] ?? null) : null
}

/** A command of the project itself, by its name or as `npx .`; those of a folder as `npx ./folder`. */
function ownCommand(terminal: Terminal, project: string, word: string): string | null {
  const { fs, cwd } = terminal.host
  const isPath = /^\.{0,2}(?:\/|$)|^\.{1,2}$/.test(word)
  const folder = isPath ? (word.startsWith('/') ? word : `${cwd}/${word}`) : project
  if (!fs.exists(`${folder}/package.json`)) return null
  const command = isPath ? commandOf(terminal, folder) : word
  const bins = binsOf(readJson(fs, `${folder}/package.json`))
  const script = command !== null && Object.hasOwn(bins, command) ? `${folder}/${bins[command]}` : null
  return script !== null && fs.exists(script) ? fs.realpath(script) : null
}

function runnerOf({ host }: Terminal, script: string): string[] {
  return [isShellScript(host.fs, script) ? 'sh' : 'node', script]
}

/** Ctrl+C reaches the child as well; its exit code decides. */
export function run({ host, manager }: Terminal, argv: string[], folder?: string): Promise<number> {
  host.onSignal(() => undefined)
  const project = findProject(host.fs, host.cwd)
  const bins = [folder, host.cwd, project].flatMap((at) => at ?? []).map((at) => `${at}/node_modules/.bin`)
  const env = {
    ...host.env,
    PATH: [...new Set(bins), host.env.PATH ?? ''].join(':'),
    INIT_CWD: host.env.INIT_CWD ?? host.cwd,
    npm_command: 'exec',
    npm_lifecycle_event: 'npx',
    npm_config_user_agent: userAgentOf(manager),
  }
  const child = host.spawn(argv, { cwd: host.cwd, stdin: 'inherit', env })
  child.onOutput(({ stream, data }) => host[stream](data))
  return child.exit
}
