import { encodeUtf8 } from '@/lib/base'
import type { StreamName } from '../protocol'
import type { WireEnd } from './wires'

/** What the IDE shows of one command, its children included. */
export const maxShownBytes = 5 * 1024 * 1024
/** A terminal's shell runs many commands and limits each of them itself. */
export const maxTerminalBytes = 64 * 1024 * 1024 * 1024
/** Between programs: one may well count or filter what the other says. */
export const maxPipedBytes = 256 * 1024 * 1024

/** Where a descriptor of a process leads to. Shared by those who inherit it. */
export interface Output {
  write(data: Uint8Array): void
  /** The process that opened it has ended. */
  end(): void
  readonly maxBytes: number
}

export const noOutput: Output = { write: () => undefined, end: () => undefined, maxBytes: 0 }

/** Both streams of a command to the IDE, with one limit on the two and a notice when it is reached. */
export function createShownOutput(
  show: (stream: StreamName, data: Uint8Array) => void,
  maxBytes = maxShownBytes,
): Record<StreamName, Output> {
  let left = maxBytes
  const write = (stream: StreamName) => (data: Uint8Array) => {
    if (left < 0) return
    if (data.byteLength <= left) show(stream, data)
    else show(stream, data.slice(0, left))
    left -= data.byteLength
    if (left >= 0) return
    const limit = `${maxBytes / 1024 / 1024} MB`
    show('stderr', encodeUtf8(`\n[more than ${limit} of output; the rest is not shown]\n`))
  }
  const end = () => undefined
  return {
    stdout: { write: write('stdout'), end, maxBytes },
    stderr: { write: write('stderr'), end, maxBytes },
  }
}

/** A child's stream into a wire of its parent. */
export function createPipedOutput(end: WireEnd): Output {
  let takes = true
  return {
    write(data) {
      if (takes) takes = end.deliver(data)
    },
    end: () => end.finish('end'),
    maxBytes: maxPipedBytes,
  }
}
