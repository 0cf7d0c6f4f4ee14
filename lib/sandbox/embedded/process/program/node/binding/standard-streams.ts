import type { Wire } from '../../../../wire'
import type { ProcessHost } from '../../../host'
import type { ByteStream } from './stream-base'

type HeldStdin = ProcessHost['stdin'] & Partial<{ pause(): void; resume(): void }>

/** The descriptors 0, 1 and 2 as byte streams. What is written is out at once, as pipes and terminals of Linux are. */
export function openStandard({ stdin, stdout, stderr, kernel }: ProcessHost, fd: number): ByteStream | null {
  if (fd === 0) return fromStdin(stdin, kernel?.descriptor(0) ?? null)
  if (fd === 1) return toOutput(stdout)
  return fd === 2 ? toOutput(stderr) : null
}

const ignore = () => undefined

/** What a parent gives as input is a pipe in both directions. */
function fromStdin(stdin: HeldStdin, wire: Wire | null): ByteStream {
  return {
    onData(listener) {
      stdin.onData(listener)
      stdin.onEnd(() => listener(null))
    },
    onClose: ignore,
    pause: () => stdin.pause?.(),
    resume: () => stdin.resume?.(),
    write: (data) => wire?.write(data) ?? true,
    drained: () => wire?.drained() ?? Promise.resolve(),
    end: () => wire?.end(),
    close() {
      stdin.pause?.()
      wire?.close()
    },
  }
}

function toOutput(write: (data: Uint8Array) => void): ByteStream {
  return {
    onData: ignore,
    onClose: ignore,
    pause: ignore,
    resume: ignore,
    write(data) {
      write(data)
      return true
    },
    drained: () => Promise.resolve(),
    end: ignore,
    close: ignore,
  }
}
