import { unsafe } from '@noble/ciphers/aes.js'

/** A keyed permutation of blocks; both directions work in place. */
export interface BlockCipher {
  readonly blockLength: number
  encrypt(block: Uint8Array): void
  decrypt(block: Uint8Array): void
}

const aesBlockLength = 16

export function createAes(key: Uint8Array): BlockCipher {
  const encryptKey = unsafe.expandKeyLE(key.slice())
  let decryptKey: typeof encryptKey | undefined
  // noble works on words, so on a block that is aligned as this one is.
  const aligned = new Uint8Array(aesBlockLength)
  return {
    blockLength: aesBlockLength,
    encrypt(block) {
      aligned.set(block)
      unsafe.encryptBlock(encryptKey, aligned)
      block.set(aligned)
    },
    decrypt(block) {
      decryptKey ??= unsafe.expandKeyDecLE(key.slice())
      aligned.set(block)
      unsafe.decryptBlock(decryptKey, aligned)
      block.set(aligned)
    },
  }
}

export function xorInto(target: Uint8Array, other: Uint8Array): void {
  for (let index = 0; index < target.length; index++)
    target[index] = (target[index] as number) ^ (other[index] as number)
}
