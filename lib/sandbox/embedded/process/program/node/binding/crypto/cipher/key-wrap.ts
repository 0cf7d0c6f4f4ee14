import { bytesToBigint } from '../asn1'
import { concatBytes, equalBytes } from '../support'
import type { BlockCipher } from './block-cipher'
import type { ModeStart, RunningCipher } from './mode'

const halfLength = 8
const rounds = 6
const empty = new Uint8Array(0)

/** Thrown for what cannot be wrapped, or does not unwrap to itself. */
export class KeyWrapError extends Error {}

function wrapBlocks(cipher: BlockCipher, iv: Uint8Array, text: Uint8Array): Uint8Array {
  const halves = concatBytes(iv, text)
  const count = text.length / halfLength
  const block = new Uint8Array(halfLength * 2)
  for (let step = 1; step <= rounds * count; step++) {
    const at = (((step - 1) % count) + 1) * halfLength
    block.set(halves.subarray(0, halfLength))
    block.set(halves.subarray(at, at + halfLength), halfLength)
    cipher.encrypt(block)
    mixStep(block, step)
    halves.set(block.subarray(0, halfLength))
    halves.set(block.subarray(halfLength), at)
  }
  return halves
}

function unwrapBlocks(cipher: BlockCipher, wrapped: Uint8Array): Uint8Array {
  const halves = wrapped.slice()
  const count = wrapped.length / halfLength - 1
  const block = new Uint8Array(halfLength * 2)
  for (let step = rounds * count; step >= 1; step--) {
    const at = (((step - 1) % count) + 1) * halfLength
    block.set(halves.subarray(0, halfLength))
    block.set(halves.subarray(at, at + halfLength), halfLength)
    mixStep(block, step)
    cipher.decrypt(block)
    halves.set(block.subarray(0, halfLength))
    halves.set(block.subarray(halfLength), at)
  }
  return halves
}

function mixStep(block: Uint8Array, step: number): void {
  for (let index = 7, left = step; left > 0; index--, left = Math.floor(left / 256)) {
    block[index] = (block[index] as number) ^ (left & 0xff)
  }
}

/** AES key wrap (RFC 3394). */
export function wrapKey(cipher: BlockCipher, iv: Uint8Array, text: Uint8Array): Uint8Array {
  if (text.length < 16 || text.length % halfLength !== 0) throw new KeyWrapError('Not a whole number of 64-bit halves')
  return wrapBlocks(cipher, iv, text)
}

export function unwrapKey(cipher: BlockCipher, iv: Uint8Array, wrapped: Uint8Array): Uint8Array {
  if (wrapped.length < 24 || wrapped.length % halfLength !== 0) throw new KeyWrapError('Not a wrapped key')
  const halves = unwrapBlocks(cipher, wrapped)
  if (!equalBytes(halves.subarray(0, halfLength), iv)) throw new KeyWrapError('The key does not unwrap')
  return halves.slice(halfLength)
}

/** The same for any length (RFC 5649). */
function wrapPadded(cipher: BlockCipher, iv: Uint8Array, text: Uint8Array): Uint8Array {
  const lengthBytes = Uint8Array.of(text.length >>> 24, text.length >>> 16, text.length >>> 8, text.length)
  const head = concatBytes(iv, lengthBytes)
  const filled = concatBytes(text, new Uint8Array((halfLength - (text.length % halfLength)) % halfLength))
  if (filled.length > halfLength) return wrapBlocks(cipher, head, filled)
  const block = concatBytes(head, filled)
  cipher.encrypt(block)
  return block
}

function unwrapPadded(cipher: BlockCipher, iv: Uint8Array, wrapped: Uint8Array): Uint8Array {
  if (wrapped.length < 16 || wrapped.length % halfLength !== 0) throw new KeyWrapError('Not a wrapped key')
  let halves = wrapped.slice()
  if (wrapped.length === 16) cipher.decrypt(halves)
  else halves = unwrapBlocks(cipher, wrapped) as Uint8Array<ArrayBuffer>
  const length = Number(bytesToBigint(halves.subarray(4, halfLength)))
  const text = halves.subarray(halfLength)
  const isWhole = length <= text.length && length > text.length - halfLength
  if (!isWhole || !equalBytes(halves.subarray(0, 4), iv)) throw new KeyWrapError('The key does not unwrap')
  return text.slice(0, length)
}

/** As a cipher, which takes the key in one piece. */
export function createKeyWrap(cipher: BlockCipher, { iv, isEncrypting }: ModeStart, isPadded: boolean): RunningCipher {
  const [wrap, unwrap] = isPadded ? [wrapPadded, unwrapPadded] : [wrapKey, unwrapKey]
  return { update: (bytes) => (isEncrypting ? wrap : unwrap)(cipher, iv, bytes), final: () => empty }
}
