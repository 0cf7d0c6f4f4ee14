import { joinBytes } from '@/lib/base'

/** A Brotli stream (RFC 7932) of uncompressed meta-blocks: the one form whose every byte can be flushed at once. */
export interface StoredBrotli {
  add(bytes: Uint8Array): void
  /** All that was added since the last call, ready to be decoded. */
  flush(): Uint8Array
  finish(): Uint8Array
}

const blockBytes = 65_536
const windowBits22 = 0b1011
const windowHeaderBits = 4
/** ISLAST and ISLASTEMPTY. */
const lastEmptyBlock = 0b11

export function createStoredBrotli(): StoredBrotli {
  let pending: Uint8Array[] = []
  let hasHeader = false

  function blockHeader(length: number): number[] {
    // ISLAST 0, MNIBBLES 0 (four nibbles), MLEN − 1, ISUNCOMPRESSED 1; then zero bits up to the byte's end.
    let bits = ((length - 1) << 3) | (1 << 19)
    if (!hasHeader) bits = (bits << windowHeaderBits) | windowBits22
    hasHeader = true
    return [bits & 0xff, (bits >> 8) & 0xff, (bits >> 16) & 0xff]
  }

  function flush(): Uint8Array {
    const pieces: Uint8Array[] = []
    for (const bytes of pending) {
      for (let at = 0; at < bytes.length; at += blockBytes) {
        const block = bytes.subarray(at, at + blockBytes)
        pieces.push(Uint8Array.from(blockHeader(block.length)), block)
      }
    }
    pending = []
    return joinBytes(pieces)
  }

  function finish(): Uint8Array {
    const blocks = flush()
    const end = hasHeader ? lastEmptyBlock : (lastEmptyBlock << windowHeaderBits) | windowBits22
    return joinBytes([blocks, Uint8Array.of(end)])
  }

  return { add: (bytes) => void pending.push(bytes), flush, finish }
}
