import { type FileOp, type FromProcess, largeFileBytes, type StreamName } from '../protocol'
import { clock } from './clock'

const flushBytes = 32 * 1024
/** So many batches leave at once; then one a millisecond, the rest is joined. */
const burst = 200
/** A file that grows by small writes is sent anew each time: so many bytes of it a millisecond, on average. */
const resentBytesPerMs = 64 * 1024

export interface Outbox {
  /** `mayWait`: the next change of the file is about to come. */
  changed(path: string, mayWait?: boolean): void
  write(stream: StreamName, data: Uint8Array): void
  /** Sends what waits, then `message`: nothing overtakes a write. */
  send(message: Exclude<FromProcess, { type: 'batch' }>, transfer?: Transferable[]): void
  flush(): void
  /** Whether the kernel, having seen batch `seen`, has yet to see a change of this path. */
  isAhead(path: string, seen: number): boolean
}

/**
 * Collects a process's writes and output into batches. A program may never yield (an endless loop), so a batch leaves
 * at once while the rate is low; under a flood it is joined by size and time, so that the kernel is not drowned.
 */
export function createOutbox(
  post: (message: FromProcess, transfer?: Transferable[]) => void,
  record: (path: string) => FileOp,
  maxOutputBytes: number,
): Outbox {
  const dirty = new Set<string>()
  const sentAs = new Map<string, number>()
  let output: { stream: StreamName; data: Uint8Array }[] = []
  let waitingBytes = 0
  let sentBytes = 0
  let batchNumber = 0
  let credit = burst
  let creditAt = clock.now()
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Files that were sent before wait until then. */
  let resendAt = 0
  const resent = new Set<string>()

  function flush() {
    clock.clearTimeout(timer)
    timer = undefined
    if (dirty.size === 0 && output.length === 0) return
    batchNumber += 1
    for (const path of dirty) sentAs.set(path, batchNumber)
    const files = [...dirty].map(record)
    const again = files.filter(({ path }) => resent.has(path))
    const bytes = again.reduce((sum, op) => sum + (op.kind === 'file' ? op.data.byteLength : 0), 0)
    const large = files.flatMap((op) =>
      op.kind === 'file' && op.data.byteLength >= largeFileBytes ? op.data.buffer : [],
    )
    post({ type: 'batch', number: batchNumber, files, output }, large)
    resendAt = clock.now() + bytes / resentBytesPerMs
    for (const path of dirty) resent.add(path)
    dirty.clear()
    output = []
    waitingBytes = 0
  }

  function flushWhenAllowed() {
    const now = clock.now()
    credit = Math.min(burst, credit + now - creditAt)
    creditAt = now
    if (now < resendAt && output.length === 0 && [...dirty].every((path) => resent.has(path))) {
      timer ??= clock.setTimeout(flush, resendAt - now)
    } else if (credit >= 1 || waitingBytes >= flushBytes) {
      credit = Math.max(0, credit - 1)
      flush()
    } else timer ??= clock.setTimeout(flush, 8)
  }

  return {
    changed(path, mayWait = false) {
      dirty.add(path)
      if (mayWait) timer ??= clock.setTimeout(flush, 8)
      else flushWhenAllowed()
    },
    write(stream, data) {
      if (sentBytes > maxOutputBytes || data.byteLength === 0) return
      // One byte past the limit goes out, so that the kernel sees that there was more.
      const part = data.slice(0, maxOutputBytes + 1 - sentBytes)
      sentBytes += part.byteLength
      waitingBytes += part.byteLength
      output.push({ stream, data: part })
      flushWhenAllowed()
    },
    send(message, transfer) {
      flush()
      post(message, transfer)
    },
    flush,
    isAhead: (path, seen) => dirty.has(path) || (sentAs.get(path) ?? 0) > seen,
  }
}
