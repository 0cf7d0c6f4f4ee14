import { chacha20 } from '@noble/ciphers/chacha.js'
import type { BlockCipher } from './block-cipher'
import type { RunningCipher } from './mode'

const empty = new Uint8Array(0)

/** Data combined with a stream of blocks that `next` makes one after the other. */
export function createKeystream(blockLength: number, next: (block: Uint8Array) => void) {
  const block = new Uint8Array(blockLength)
  let used = blockLength
  return (bytes: Uint8Array): Uint8Array => {
    const result = bytes.slice()
    for (let at = 0; at < result.length; ) {
      if (used === blockLength) {
        next(block)
        used = 0
      }
      const count = Math.min(blockLength - used, result.length - at)
      for (let index = 0; index < count; index++) {
        result[at + index] = (result[at + index] as number) ^ (block[used + index] as number)
      }
      used += count
      at += count
    }
    return result
  }
}

/** Adds one to a big-endian counter of `length` bytes at the end of the block. */
export function increment(block: Uint8Array, length: number): void {
  for (let index = block.length - 1; index >= block.length - length; index--) {
    const value = ((block[index] as number) + 1) & 0xff
    block[index] = value
    if (value !== 0) return
  }
}

/** Encrypts a counter, of which the last `counterBytes` bytes count. */
export function createCounterStream(cipher: BlockCipher, start: Uint8Array, counterBytes = cipher.blockLength) {
  const counter = start.slice()
  return createKeystream(cipher.blockLength, (block) => {
    block.set(counter)
    cipher.encrypt(block)
    increment(counter, counterBytes)
  })
}

export function createCtr(cipher: BlockCipher, iv: Uint8Array): RunningCipher {
  return { update: createCounterStream(cipher, iv), final: () => empty }
}

export function createOfb(cipher: BlockCipher, iv: Uint8Array): RunningCipher {
  const feedback = iv.slice()
  const update = createKeystream(cipher.blockLength, (block) => {
    cipher.encrypt(feedback)
    block.set(feedback)
  })
  return { update, final: () => empty }
}

interface CfbStart {
  readonly cipher: BlockCipher
  readonly iv: Uint8Array
  readonly isEncrypting: boolean
}

/** Cipher feedback of whole blocks. */
export function createCfb({ cipher, iv, isEncrypting }: CfbStart): RunningCipher {
  const register = iv.slice()
  const mask = new Uint8Array(cipher.blockLength)
  let used = cipher.blockLength
  return {
    update: (bytes) =>
      bytes.map((byte) => {
        if (used === cipher.blockLength) {
          mask.set(register)
          cipher.encrypt(mask)
          used = 0
        }
        const result = byte ^ (mask[used] as number)
        register[used++] = isEncrypting ? result : byte
        return result
      }),
    final: () => empty,
  }
}

/** Cipher feedback of single bytes. */
export function createCfb8({ cipher, iv, isEncrypting }: CfbStart): RunningCipher {
  const register = iv.slice()
  return {
    update: (bytes) =>
      bytes.map((byte) => {
        const mask = register.slice()
        cipher.encrypt(mask)
        const result = byte ^ (mask[0] as number)
        register.copyWithin(0, 1)
        register[register.length - 1] = isEncrypting ? result : byte
        return result
      }),
    final: () => empty,
  }
}

const chachaBlockLength = 64

/** ChaCha20's key stream from a block number on. */
export function createChachaStream(key: Uint8Array, nonce: Uint8Array, firstBlock: number) {
  let counter = firstBlock
  const zeros = new Uint8Array(chachaBlockLength)
  return createKeystream(chachaBlockLength, (block) => {
    block.set(chacha20(key, nonce, zeros, undefined, counter))
    counter = (counter + 1) >>> 0
  })
}

/** OpenSSL's vector is a block number of four bytes before the nonce. */
export function createChacha(key: Uint8Array, iv: Uint8Array): RunningCipher {
  const firstBlock = new DataView(iv.buffer, iv.byteOffset).getUint32(0, true)
  return { update: createChachaStream(key, iv.slice(4), firstBlock), final: () => empty }
}
