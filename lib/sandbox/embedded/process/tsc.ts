import { messageOf } from '@/lib/base'
import type { Diagnostic } from '../../types'
import { formatTscOutput } from '../typescript'
import { projectRoot, type VirtualFs } from './host'
import type { MachineHost } from './machine-host'
import { programs } from './program'

const version = '5.9.3'

/**
 * `tsc`: the project's own compiler where one is installed that runs here. A plain check of the whole project is made by
 * the checker of `Sandbox.check`, which has most of it done already; so is all else where there is no such compiler, of what
 * the nearest tsconfig.json governs.
 */
export async function tsc(host: MachineHost): Promise<number> {
  const flags = host.argv.slice(1)
  const isPlainCheck = host.cwd === projectRoot && flags.join(' ') === '--noEmit'
  const own = isPlainCheck ? null : ownCompiler(host.fs, host.cwd)
  if (own) return run(host, ['node', own, ...flags])
  if (flags.includes('--version') || flags.includes('-v')) {
    host.stdout(`Version ${version}\n`)
    return 0
  }
  if (flags.includes('--watch') || flags.includes('-w')) host.stderr('tsc: watching is not available; checking once.\n')
  const configs = projectsOf(flags).map((named) => configAt(host, named))
  const problem = configs.find((config) => typeof config === 'object')
  if (problem) {
    host.stdout(`${problem.error}\n`)
    return 1
  }
  try {
    const found = new Map<string, Diagnostic>()
    for (const config of configs) {
      // The root's is what is checked without one.
      const isRoot = config === undefined || /^[tj]sconfig\.json$/.test(String(config))
      for (const each of await host.check(null, isRoot ? undefined : String(config)))
        found.set(JSON.stringify(each), { ...each, path: fromFolder(host, each.path) })
    }
    const { output, exitCode } = formatTscOutput([...found.values()])
    host.stdout(output)
    if (!flags.includes('--noEmit')) {
      host.stderr('tsc: types were checked; files are written by the project’s own compiler (npm i -D typescript@6).\n')
    }
    return exitCode
  } catch (error) {
    host.stderr(`tsc: ${messageOf(error)}\n`)
    return 1
  }
}

/** Of the nearest installed TypeScript; from version 7 on it is a native program. */
function ownCompiler(fs: VirtualFs, cwd: string): string | null {
  for (let folder = cwd; ; folder = folder.slice(0, folder.lastIndexOf('/'))) {
    const compiler = `${folder}/node_modules/typescript/bin/tsc`
    if (fs.exists(compiler)) return fs.exists(`${folder}/node_modules/typescript/lib/typescript.js`) ? compiler : null
    if (folder === '') return null
  }
}

async function run(host: MachineHost, argv: string[]): Promise<number> {
  host.argv = argv
  return (await programs.node?.(host)) ?? 1
}

/** What `-p` or `-b` names: files, or folders with a tsconfig.json. */
function projectsOf(flags: readonly string[]): string[] {
  const at = flags.findIndex((word) => /^(?:-p|--project|-b|--build)$/.test(word))
  const rest = flags.slice(at + 1)
  const end = rest.findIndex((word) => word.startsWith('-'))
  const named = at === -1 ? [] : rest.slice(0, end === -1 ? rest.length : end)
  const isBuild = /^(?:-b|--build)$/.test(flags[at] ?? '')
  return named.length === 0 ? [''] : isBuild ? named : named.slice(0, 1)
}

/** From the project's root; undefined where nothing governs. */
function configAt({ fs, cwd }: MachineHost, named: string): string | undefined | { error: string } {
  const relative = (path: string) => path.slice(projectRoot.length + 1)
  if (named === '') {
    for (let folder = cwd; folder.startsWith(projectRoot); folder = folder.slice(0, folder.lastIndexOf('/'))) {
      if (fs.exists(`${folder}/tsconfig.json`)) return relative(`${folder}/tsconfig.json`)
    }
    return undefined
  }
  const path = fs.exists(resolve(cwd, named)) ? fs.realpath(resolve(cwd, named)) : null
  if (path === null || !path.startsWith(projectRoot))
    return { error: `error TS5058: The specified path does not exist: '${named}'.` }
  if (fs.stat(path).kind === 'file') return relative(path)
  if (fs.exists(`${path}/tsconfig.json`)) return relative(`${path}/tsconfig.json`)
  return { error: `error TS5057: Cannot find a tsconfig.json file at the specified directory: '${named}'.` }
}

const resolve = (cwd: string, path: string) => (path.startsWith('/') ? path : `${cwd}/${path}`)

/** As `tsc` names files: from the folder that it runs in. */
function fromFolder({ cwd }: MachineHost, path: string): string {
  const [from, to] = [cwd.slice(projectRoot.length + 1), path].map((each) => each.split('/').filter(Boolean))
  if (from === undefined || to === undefined || !cwd.startsWith(projectRoot)) return path
  let shared = 0
  while (shared < from.length && from[shared] === to[shared]) shared++
  return [...from.slice(shared).map(() => '..'), ...to.slice(shared)].join('/')
}
