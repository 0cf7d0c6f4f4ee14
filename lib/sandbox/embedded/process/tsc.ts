import { messageOf } from '@/lib/base'
import { formatTscOutput } from '../typescript'
import { projectRoot, type VirtualFs } from './host'
import type { MachineHost } from './machine-host'
import { programs } from './program'

const version = '5.9.3'

/**
 * `tsc`: the project's own compiler where one is installed that runs here. A plain check of the whole project is made by
 * the checker of `Sandbox.check`, which has most of it done already; so is all else where there is no such compiler.
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
  try {
    const { output, exitCode } = formatTscOutput(await host.check(null))
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
