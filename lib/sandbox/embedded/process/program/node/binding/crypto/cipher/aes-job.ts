import { createJobClass } from '../job'
import { type KeyHandle, secretBytes } from '../key-handle'
import { type ByteSource, type CryptoSupport, concatBytes, equalBytes, toArrayBuffer, toBytes } from '../support'
import { createGcm } from './aead-modes'
import { type BlockCipher, createAes } from './block-cipher'
import { createBlockMode } from './block-modes'
import { unwrapKey, wrapKey } from './key-wrap'
import { createKeystream } from './stream-modes'

/** `kKeyVariantAES_CTR_128` and its siblings: four modes, each for three lengths of key. */
export const aesModes = ['CTR', 'CBC', 'GCM', 'KW'] as const
const keyLengths = 3
const encryptMode = 0
const wrapVector = new Uint8Array(8).fill(0xa6)
const operationFailed = () => new Error('Cipher job failed')

interface AesTask {
  readonly cipher: BlockCipher
  readonly key: Uint8Array
  readonly bytes: Uint8Array
  readonly isEncrypting: boolean
}

/** Web Crypto's AES. */
export function createAesJob(support: CryptoSupport) {
  return createJobClass(
    support,
    (mode: number, handle: KeyHandle, data: ByteSource, variant: number, ...rest: unknown[]) => {
      const key = secretBytes(handle)
      const task = { cipher: createAes(key), key, bytes: toBytes(data).slice(), isEncrypting: mode === encryptMode }
      const work = prepare(aesModes[Math.floor(variant / keyLengths)], task, rest)
      return () => toArrayBuffer(work())
    },
  )
}

function prepare(mode: (typeof aesModes)[number] | undefined, task: AesTask, rest: unknown[]): () => Uint8Array {
  switch (mode) {
    case 'CTR': {
      const [counter, length] = rest as [ByteSource, number]
      const start = toBytes(counter).slice()
      return () => countedStream(task, start, length)
    }
    case 'CBC': {
      const iv = toBytes(rest[0] as ByteSource).slice()
      return () => {
        const running = createBlockMode({ ...task, iv })
        return concatBytes(running.update(task.bytes), running.final())
      }
    }
    case 'GCM': {
      const [iv, tag, additional] = rest as [ByteSource, number | ByteSource, ByteSource | undefined]
      const start = { ...task, iv: toBytes(iv).slice() }
      return () => {
        const running = createGcm(task.cipher, start)
        if (additional) running.addData(toBytes(additional), 0)
        const text = concatBytes(running.update(task.bytes), running.final())
        if (typeof tag === 'number') return concatBytes(text, running.tag().subarray(0, tag))
        const expected = toBytes(tag)
        if (!equalBytes(running.tag().subarray(0, expected.length), expected)) throw operationFailed()
        return text
      }
    }
    default:
      return () => (task.isEncrypting ? wrapKey : unwrapKey)(task.cipher, wrapVector, task.bytes)
  }
}

/** A counter of any number of bits at the block's end, which must not come round to a value again. */
function countedStream({ cipher, bytes }: AesTask, start: Uint8Array, bits: number): Uint8Array {
  if (bits < 32 && Math.ceil(bytes.length / cipher.blockLength) > 2 ** bits) throw operationFailed()
  const counter = start.slice()
  const stream = createKeystream(cipher.blockLength, (block) => {
    block.set(counter)
    cipher.encrypt(block)
    incrementBits(counter, bits)
  })
  return stream(bytes)
}

function incrementBits(block: Uint8Array, bits: number): void {
  for (let left = bits, index = block.length - 1; left > 0; left -= 8, index--) {
    const mask = left >= 8 ? 0xff : (1 << left) - 1
    const value = ((block[index] as number) + 1) & mask
    block[index] = ((block[index] as number) & ~mask & 0xff) | value
    if (value !== 0) return
  }
}
