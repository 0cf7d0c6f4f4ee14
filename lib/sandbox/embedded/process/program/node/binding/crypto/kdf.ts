import { pbkdf2 } from '@noble/hashes/pbkdf2.js'
import { scrypt } from '@noble/hashes/scrypt.js'
import { type Digest, findDigest } from './digests'
import { invalidDigest, nodeError } from './errors'
import { hmacBytes, prepareHmac } from './hmac'
import { createJobClass } from './job'
import { type KeySource, secretBytes } from './key-handle'
import { type ByteSource, type CryptoSupport, concatBytes, toArrayBuffer, toBytes } from './support'

const maxHkdfBlocks = 255

/** Keys from passwords and from other keys. */
export function createKdfBinding(support: CryptoSupport) {
  return {
    PBKDF2Job: createJobClass(
      support,
      (password: ByteSource, salt: ByteSource, iterations: number, length: number, name: string) => {
        const digest = requireDigest(name)
        const [passwordBytes, saltBytes] = [toBytes(password).slice(), toBytes(salt).slice()]
        return () => toArrayBuffer(derivePbkdf2(digest, passwordBytes, { salt: saltBytes, iterations, length }))
      },
    ),
    ScryptJob: createJobClass(support, prepareScrypt),
    HKDFJob: createJobClass(
      support,
      (name: string, key: KeySource, salt: ByteSource, info: ByteSource, length: number) => {
        const digest = requireDigest(name)
        if (length > maxHkdfBlocks * digest.outputLength) {
          throw nodeError('ERR_CRYPTO_INVALID_KEYLEN', 'Invalid key length', RangeError)
        }
        const [saltBytes, infoBytes] = [toBytes(salt).slice(), toBytes(info).slice()]
        return () => toArrayBuffer(deriveHkdf(digest, secretBytes(key), { salt: saltBytes, info: infoBytes, length }))
      },
    ),
  }
}

function requireDigest(name: string): Digest {
  const digest = findDigest(name)
  if (!digest) throw invalidDigest(name)
  return digest
}

interface Pbkdf2Options {
  readonly salt: Uint8Array
  readonly iterations: number
  readonly length: number
}

export function derivePbkdf2(digest: Digest, password: Uint8Array, options: Pbkdf2Options): Uint8Array {
  const { salt, iterations, length } = options
  if (length === 0) return new Uint8Array(0)
  if (digest.noble) return pbkdf2(digest.noble, password, salt, { c: iterations, dkLen: length })
  const start = prepareHmac(digest, password)
  const result = new Uint8Array(Math.ceil(length / digest.outputLength) * digest.outputLength)
  for (let block = 0; block * digest.outputLength < length; block++) {
    const number = block + 1
    let last = concatBytes(salt, Uint8Array.of(number >>> 24, number >>> 16, number >>> 8, number))
    const sum = new Uint8Array(digest.outputLength)
    for (let round = 0; round < iterations; round++) {
      const running = start()
      running.update(last)
      last = running.digest()
      for (let index = 0; index < sum.length; index++) sum[index] = (sum[index] as number) ^ (last[index] as number)
    }
    result.set(sum, block * digest.outputLength)
  }
  return result.subarray(0, length)
}

interface HkdfOptions {
  readonly salt: Uint8Array
  readonly info: Uint8Array
  readonly length: number
}

function deriveHkdf(digest: Digest, key: Uint8Array, { salt, info, length }: HkdfOptions): Uint8Array {
  const start = prepareHmac(
    digest,
    hmacBytes(digest, salt.length > 0 ? salt : new Uint8Array(digest.outputLength), key),
  )
  const blocks: Uint8Array[] = []
  for (let made = 0; made < length; made += digest.outputLength) {
    const running = start()
    running.update(blocks.at(-1) ?? new Uint8Array(0))
    running.update(info)
    running.update(Uint8Array.of(blocks.length + 1))
    blocks.push(running.digest())
  }
  return concatBytes(...blocks).subarray(0, length)
}

function prepareScrypt(
  password: ByteSource,
  salt: ByteSource,
  N: number,
  r: number,
  p: number,
  maxmem: number,
  length: number,
): () => ArrayBuffer {
  const isPowerOfTwo = N >= 2 && Number.isInteger(Math.log2(N))
  if (!isPowerOfTwo || p * r > 2 ** 30 - 1 || (16 * r <= 63 && N >= 2 ** (16 * r))) throw invalidScrypt('')
  const memory = 128 * r * p + 32 * r * (N + 2) * 4
  if (memory > maxmem) {
    throw invalidScrypt(': error:030000AC:digital envelope routines::memory limit exceeded')
  }
  const [passwordBytes, saltBytes] = [toBytes(password).slice(), toBytes(salt).slice()]
  return () => {
    if (length === 0) return new ArrayBuffer(0)
    return toArrayBuffer(scrypt(passwordBytes, saltBytes, { N, r, p, dkLen: length, maxmem: memory + 1024 }))
  }
}

function invalidScrypt(detail: string): Error {
  return nodeError('ERR_CRYPTO_INVALID_SCRYPT_PARAMS', `Invalid scrypt params${detail}`, RangeError)
}
