import type { MachineHost } from '../process/machine-host'

const maxShownBytes = 5 * 1024 * 1024

/** Shows so much of each command and drops the rest, with a notice, so that a flood does not drown the page. */
export function limitShownOutput(host: MachineHost): { reset(): void } {
  const { stdout, stderr } = host
  let left = maxShownBytes
  const limited = (write: MachineHost['stdout']) => (data: string | Uint8Array) => {
    if (left < 0) return
    left -= data.length
    if (left >= 0) return write(data)
    write(data.slice(0, data.length + left))
    stderr(`\n[more than ${maxShownBytes / 1024 / 1024} MB of output; the rest is not shown]\n`)
  }
  host.stdout = limited(stdout)
  host.stderr = limited(stderr)
  return {
    reset() {
      left = maxShownBytes
    },
  }
}
