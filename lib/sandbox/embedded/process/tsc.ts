import { messageOf } from '@/lib/base'
import { formatTscOutput } from '../typescript'
import type { MachineHost } from './machine-host'

const version = '5.9.3'

/** `tsc` as a type check of the whole project, by the same checker as `Sandbox.check`. It writes no files. */
export async function tsc(host: MachineHost): Promise<number> {
  const flags = host.argv.slice(1)
  if (flags.includes('--version') || flags.includes('-v')) {
    host.stdout(`Version ${version}\n`)
    return 0
  }
  if (flags.includes('--watch') || flags.includes('-w')) host.stderr('tsc: watching is not available; checking once.\n')
  try {
    const { output, exitCode } = formatTscOutput(await host.check(null))
    host.stdout(output)
    if (!flags.includes('--noEmit')) host.stderr('tsc: types were checked; no files are written in the sandbox.\n')
    return exitCode
  } catch (error) {
    host.stderr(`tsc: ${messageOf(error)}\n`)
    return 1
  }
}
