import type { Digest, RunningHash } from './digests'
import { hashBytes } from './digests'

/** HMAC (RFC 2104) over any of the digests. */
export interface RunningHmac {
  update(bytes: Uint8Array): void
  digest(): Uint8Array
}

/** A key made ready once, for HMACs that are made by the thousand from it. */
export function prepareHmac(digest: Digest, key: Uint8Array): () => RunningHmac {
  const block = new Uint8Array(digest.blockLength)
  block.set(key.length > digest.blockLength ? hashBytes(digest, key) : key)
  const inner = startWith(digest, block, 0x36)
  const outer = startWith(digest, block, 0x5c)
  return () => {
    const running = inner.clone()
    return {
      update: (bytes) => void running.update(bytes),
      digest() {
        const whole = outer.clone()
        whole.update(running.digest())
        return whole.digest()
      },
    }
  }
}

export function hmacBytes(digest: Digest, key: Uint8Array, ...parts: Uint8Array[]): Uint8Array {
  const running = prepareHmac(digest, key)()
  for (const part of parts) running.update(part)
  return running.digest()
}

function startWith(digest: Digest, block: Uint8Array, pad: number): RunningHash {
  const running = digest.create()
  running.update(block.map((byte) => byte ^ pad))
  return running
}
