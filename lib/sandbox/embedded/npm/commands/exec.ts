import { findBin } from '../bins'
import { createInstaller } from '../install'
import { type NpmArguments, readSettings } from '../options'
import { createProgress } from '../progress'
import { binsOf, findProject, readJson } from '../project'
import type { Terminal } from '../terminal'

/** Where packages go that are run without being part of the project. */
const cacheFolder = '/tmp/.npm/_npx'
/** What the sandbox brings along itself; a project's own copy would do the same, slower. */
const provided = new Set(['node', 'vitest', 'jest', 'tsc', 'tsx', 'vite'])

export interface Execution {
  /** A command of the project, or a package such as `cowsay@1`. */
  spec: string
  words: string[]
  /** The command, where the package has several. */
  command?: string | undefined
}

/** `npx <command>`, `npm exec -- <command>`, with `--package` and `-c`. */
export async function exec(terminal: Terminal, args: NpmArguments): Promise<number> {
  const { flags } = args
  const words = [...args.words, ...(args.rest ?? [])]
  const call = flags.get('call')
  const wanted = flags.get('package')
  if (typeof call === 'string') {
    const path = typeof wanted === 'string' ? `${await fetchToCache(terminal, wanted)}/node_modules/.bin:` : ''
    return run(terminal, ['sh', '-c', call], path)
  }
  const [spec, ...rest] = words
  if (spec === undefined) return terminal.fail('Say what to run, e.g. npx cowsay hello')
  if (typeof wanted === 'string') return execute(terminal, { spec: wanted, command: spec, words: rest })
  return execute(terminal, { spec, words: rest })
}

export async function execute(terminal: Terminal, { spec, words, command }: Execution): Promise<number> {
  const { host } = terminal
  if (command === undefined && provided.has(spec)) return run(terminal, [spec, ...words])
  const [, name = '', range] = /^(@?[^@]+)(?:@(.+))?$/.exec(spec) ?? []
  const project = findProject(host.fs, host.cwd)
  const own = range === undefined ? findBin(host.fs, project, command ?? name) : null
  if (own) return run(terminal, ['node', own, ...words])
  const folder = await fetchToCache(terminal, spec)
  const script = scriptOf(terminal, folder, name, command)
  if (script === null) {
    return terminal.fail(
      `could not determine executable to run\n${name} has no command${command ? ` “${command}”` : ''} to run.`,
    )
  }
  return run(terminal, ['node', script, ...words])
}

/** The package in a folder of its own outside the project, loaded when it is not there yet. */
async function fetchToCache(terminal: Terminal, spec: string): Promise<string> {
  const { host } = terminal
  const folder = `${cacheFolder}/${spec.replaceAll(/[^\w.@-]+/g, '+')}`
  if (host.fs.exists(`${folder}/package-lock.json`)) return folder
  host.fs.mkdir(folder, { recursive: true })
  host.fs.writeFile(`${folder}/package.json`, '{}\n')
  const settings = readSettings(new Map(), host.fs, folder)
  const progress = createProgress(host)
  const installer = createInstaller({ host, project: folder, settings, progress })
  try {
    host.stderr(`Need to install ${spec}, outside of the project.\n`)
    const tree = await installer.resolve({ add: [spec] })
    const report = await installer.reify(tree.root)
    await tree.save()
    progress.clear()
    for (const problem of report.problems) terminal.warn(problem)
    return folder
  } catch (error) {
    host.fs.rm(folder, { recursive: true, force: true })
    throw error
  } finally {
    progress.clear()
  }
}

function scriptOf({ host }: Terminal, folder: string, name: string, command: string | undefined): string | null {
  const root = `${folder}/node_modules/${name}`
  if (!host.fs.exists(`${root}/package.json`)) return null
  const bins = binsOf({ name, ...readJson(host.fs, `${root}/package.json`) })
  const plain = name.replace(/^@[^/]+\//, '')
  const only = Object.keys(bins).length === 1 ? Object.values(bins)[0] : undefined
  const target = command === undefined ? (bins[plain] ?? only) : bins[command]
  return target === undefined ? null : `${root}/${target}`
}

/** Ctrl+C reaches the child as well; its exit code decides. */
export function run({ host }: Terminal, argv: string[], path = ''): Promise<number> {
  host.onSignal(() => undefined)
  const env = path === '' ? host.env : { ...host.env, PATH: path + (host.env.PATH ?? '') }
  const child = host.spawn(argv, { stdin: 'inherit', env })
  child.onOutput(({ stream, data }) => host[stream](data))
  return child.exit
}
