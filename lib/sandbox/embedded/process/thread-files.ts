import type { FileOp, FilesMessage } from '../protocol'
import { clock } from './clock'
import type { SendToKernel } from './kernel-client/kernel-client'
import { callSync, hasSharedMemory } from './kernel-client/sync-answer'

/** What threads of one process do, so that each sees the files of the other that it heard of. */
export interface ThreadFiles {
  /** This process has a thread, or is one; `onWrite` is called when it first writes a file. */
  share(onWrite: () => void): void
  /** Another thread is about to hear of this one. */
  tell(): void
  /** Something came from another thread. */
  heard(): void
}

interface ThreadFilesPort {
  /** The number of the last `files` message that was taken in. */
  taken(): number
  take(message: FilesMessage): void
  send: SendToKernel
}

/** The kernel keeps for us what we have not told to have: so many bytes, a message counting as some. */
const maxUntoldBytes = 1024 * 1024
const messageBytes = 16 * 1024
/** Who looks again and again without being told, in a loop that never yields, sees others' files this often. */
const glanceMs = 20

/**
 * Threads hear of each other by ports and shared memory, past the kernel, and of each other's files by way of it, later. So
 * who tells waits until the kernel has its files, and who heard asks for those on their way before it looks at a file.
 */
export function createThreadFiles({ taken, take, send }: ThreadFilesPort) {
  let isShared = false
  let onFirstWrite: (() => void) | undefined
  let isBehind = false
  let isAhead = false
  let untoldBytes = 0
  let metAt = clock.now()

  /** The kernel answers when it has all that we sent. */
  function meet() {
    isBehind = isAhead = false
    metAt = clock.now()
    const { files, messages = [] } = callSync(send, { name: 'files', after: taken() })
    let at = 0
    for (const { number, seen, count } of messages) {
      take({ type: 'files', ops: files.slice(at, at + count), seen, number })
      at += count
    }
  }

  const threadFiles: ThreadFiles = {
    share(onWrite) {
      if (isShared || !hasSharedMemory()) return
      isShared = true
      onFirstWrite = onWrite
      send({ type: 'files-taken', number: taken() })
    },
    tell() {
      if (isShared && isAhead) meet()
    },
    heard() {
      isBehind = isShared
    },
  }

  return {
    threadFiles,
    /** Before each look at a file. */
    catchUp() {
      if (isBehind || (isShared && clock.now() - metAt > glanceMs)) meet()
    },
    wrote() {
      isAhead = true
      onFirstWrite?.()
      onFirstWrite = undefined
    },
    /** A message has been taken in. */
    took(ops: readonly FileOp[]) {
      if (!isShared) return
      untoldBytes += messageBytes
      for (const op of ops) if (op.kind === 'file') untoldBytes += op.data.byteLength
      if (untoldBytes < maxUntoldBytes) return
      untoldBytes = 0
      send({ type: 'files-taken', number: taken() })
    },
  }
}
