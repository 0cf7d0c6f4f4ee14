import { type Digest, digestNames, findDigest, hashBytes, type RunningHash } from './digests'
import { invalidDigest, opensslError } from './errors'
import { prepareHmac, type RunningHmac } from './hmac'
import { createJobClass } from './job'
import { type KeySource, secretBytes } from './key-handle'
import {
  type ByteSource,
  type CryptoSupport,
  decodeInput,
  encodeOutput,
  equalBytes,
  toArrayBuffer,
  toBytes,
} from './support'

const signJobModeSign = 0

/** Hash, Hmac and what else of `internalBinding('crypto')` digests. */
export function createHashBinding(support: CryptoSupport) {
  class Hash {
    readonly digestUsed: Digest
    readonly #running: RunningHash
    readonly #length: number
    #result: Uint8Array | undefined

    constructor(source: string | Hash, outputLength: number | undefined) {
      this.digestUsed = typeof source === 'string' ? digestOf(source) : source.digestUsed
      this.#length = checkedLength(this.digestUsed, outputLength)
      this.#running = typeof source === 'string' ? this.digestUsed.create(this.#length) : source.#copy(this.#length)
    }

    update(data: string | ByteSource, encoding?: string): boolean {
      this.#running.update(decodeInput(support, data, encoding))
      return true
    }

    digest(encoding?: string) {
      this.#result ??= this.#length === 0 ? new Uint8Array(0) : this.#running.digest()
      return encodeOutput(support, this.#result, encoding)
    }

    /** A copy may ask for another length of an extendable hash. */
    #copy(length: number): RunningHash {
      const copy = this.#running.clone()
      if (this.digestUsed.isExtendable) Object.assign(copy, { outputLen: length })
      return copy
    }
  }

  class Hmac {
    #running: RunningHmac | undefined

    init(name: string, key: KeySource): void {
      const digest = findDigest(name)
      if (!digest) throw invalidDigest(name)
      this.#running = prepareHmac(digest, secretBytes(key))()
    }

    update(data: string | ByteSource, encoding?: string): boolean {
      if (!this.#running) return false
      this.#running.update(decodeInput(support, data, encoding))
      return true
    }

    digest(encoding?: string) {
      const bytes = this.#running?.digest() ?? new Uint8Array(0)
      this.#running = undefined
      return encodeOutput(support, bytes, encoding)
    }
  }

  return {
    Hash,
    Hmac,
    getHashes: () => [...digestNames],
    /** Names to ids, a shortcut of Node's own; an empty table is what it has at first. */
    getCachedAliases: () => ({}),
    oneShotDigest(name: string, _id: number, _cache: unknown, input: string | ByteSource, encoding: string) {
      const digest = digestOf(name, `Digest method ${name} is not supported`)
      return encodeOutput(support, hashBytes(digest, decodeInput(support, input)), encoding)
    },
    HashJob: createJobClass(support, (name: string, data: ByteSource, bits?: number) => {
      const digest = digestOf(name)
      const bytes = toBytes(data).slice()
      return () => {
        const running = digest.create(digest.isExtendable && bits !== undefined ? bits / 8 : undefined)
        running.update(bytes)
        return toArrayBuffer(running.digest())
      }
    }),
    HmacJob: createJobClass(
      support,
      (mode: number, name: string, key: KeySource, data: ByteSource, signature?: ByteSource) => {
        const digest = findDigest(name)
        if (!digest) throw invalidDigest(name)
        const bytes = toBytes(data).slice()
        const expected = signature && toBytes(signature).slice()
        return () => {
          const running = prepareHmac(digest, secretBytes(key))()
          running.update(bytes)
          const result = running.digest()
          return mode === signJobModeSign ? toArrayBuffer(result) : equalBytes(result, expected ?? new Uint8Array(0))
        }
      },
    ),
  }
}

function digestOf(name: string, message = 'Digest method not supported'): Digest {
  const digest = findDigest(name)
  if (!digest) throw new Error(message)
  return digest
}

function checkedLength(digest: Digest, length: number | undefined): number {
  if (length === undefined || length === digest.outputLength) return digest.outputLength
  if (!digest.isExtendable) throw opensslError('evp', 178, 'not XOF or invalid length')
  return length
}
