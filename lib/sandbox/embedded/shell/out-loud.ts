import { fromLatin1 } from '@/lib/base'
import type { MachineHost } from '../process/machine-host'
import type { Execute, Result } from './command'

export function writeResult(host: MachineHost, { stdout, stdoutKind, stderr }: Result): void {
  host.stdout(stdoutKind === 'bytes' ? fromLatin1(stdout) : stdout)
  host.stderr(stderr)
}

/** For commands whose programs write as they go: what they say themselves the shell would keep until it ends. */
export function outLoud(host: MachineHost, execute: Execute): Execute {
  return async (...call) => {
    const result = await execute(...call)
    writeResult(host, result)
    return { ...result, stdout: '', stdoutKind: 'text', stderr: '' }
  }
}
