import { opensslError } from '../errors'
import { concatBytes } from '../support'
import { type BlockCipher, xorInto } from './block-cipher'
import type { RunningCipher } from './mode'

const wrongFinalBlock = () => opensslError('provider', 107, 'wrong final block length')
const badDecrypt = () => opensslError('provider', 100, 'bad decrypt')

interface BlockModeStart {
  readonly cipher: BlockCipher
  readonly isEncrypting: boolean
  /** CBC's vector; ECB has none. */
  readonly iv?: Uint8Array | undefined
}

/** ECB, and CBC when there is a vector, with PKCS#7 padding. */
export function createBlockMode({ cipher, isEncrypting, iv }: BlockModeStart): RunningCipher {
  const { blockLength } = cipher
  let isPadded = true
  let pending = new Uint8Array(0)
  const previous = iv?.slice()

  function transform(block: Uint8Array): void {
    if (isEncrypting) {
      if (previous) xorInto(block, previous)
      cipher.encrypt(block)
      previous?.set(block)
      return
    }
    const source = previous && block.slice()
    cipher.decrypt(block)
    if (previous && source) {
      xorInto(block, previous)
      previous.set(source)
    }
  }

  function transformAll(bytes: Uint8Array): Uint8Array {
    for (let at = 0; at < bytes.length; at += blockLength) transform(bytes.subarray(at, at + blockLength))
    return bytes
  }

  return {
    setPadding(value) {
      isPadded = value
    },
    update(bytes) {
      const all = concatBytes(pending, bytes)
      let whole = all.length - (all.length % blockLength)
      // The last block may be padding, so it waits for the end.
      if (!isEncrypting && isPadded && whole === all.length && whole > 0) whole -= blockLength
      pending = all.slice(whole)
      return transformAll(all.slice(0, whole))
    },
    final() {
      if (isEncrypting && isPadded) {
        const fill = blockLength - pending.length
        return transformAll(concatBytes(pending, new Uint8Array(fill).fill(fill)))
      }
      if (!isPadded && pending.length === 0) return pending
      if (isEncrypting || !isPadded || pending.length !== blockLength) throw wrongFinalBlock()
      return withoutPadding(transformAll(pending.slice()))
    },
  }
}

function withoutPadding(block: Uint8Array): Uint8Array {
  const fill = block.at(-1) ?? 0
  const isValid = fill > 0 && fill <= block.length && block.subarray(-fill).every((byte) => byte === fill)
  if (!isValid) throw badDecrypt()
  return block.subarray(0, block.length - fill)
}
