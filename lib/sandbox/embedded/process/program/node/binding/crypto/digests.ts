import { blake2b, blake2s } from '@noble/hashes/blake2.js'
import { md5, ripemd160, sha1 } from '@noble/hashes/legacy.js'
import { sha224, sha256, sha384, sha512, sha512_224, sha512_256 } from '@noble/hashes/sha2.js'
import { sha3_224, sha3_256, sha3_384, sha3_512, shake128, shake256 } from '@noble/hashes/sha3.js'
import type { CHash } from '@noble/hashes/utils.js'
import { concatBytes } from './support'

/** A hash under way. */
export interface RunningHash {
  update(bytes: Uint8Array): unknown
  digest(): Uint8Array
  clone(): RunningHash
}

export interface Digest {
  /** OpenSSL's name, in lower case. */
  readonly name: string
  readonly outputLength: number
  readonly blockLength: number
  /** Output of any length, as with SHAKE. */
  readonly isExtendable: boolean
  create(outputLength?: number): RunningHash
  /** The same as a function of noble's, for its faster key derivation. */
  readonly noble?: CHash
}

function digest(name: string, noble: CHash): Digest {
  const { outputLen: outputLength, blockLen: blockLength } = noble
  return { name, outputLength, blockLength, isExtendable: false, create: () => noble.create(), noble }
}

function extendable(name: string, hash: typeof shake128, outputLength: number): Digest {
  const create = (dkLen = outputLength) => hash.create({ dkLen })
  return { name, outputLength, blockLength: hash.blockLen, isExtendable: true, create }
}

/** The hash of TLS 1.0 signatures: MD5 followed by SHA-1. */
function md5Sha1(parts = [md5.create(), sha1.create()] as [RunningHash, RunningHash]): RunningHash {
  const [left, right] = parts
  return {
    update(bytes) {
      left.update(bytes)
      right.update(bytes)
    },
    digest: () => concatBytes(left.digest(), right.digest()),
    clone: () => md5Sha1([left.clone(), right.clone()]),
  }
}

const all: Digest[] = [
  digest('md5', md5),
  digest('sha1', sha1),
  digest('sha224', sha224),
  digest('sha256', sha256),
  digest('sha384', sha384),
  digest('sha512', sha512),
  digest('sha512-224', sha512_224),
  digest('sha512-256', sha512_256),
  digest('sha3-224', sha3_224),
  digest('sha3-256', sha3_256),
  digest('sha3-384', sha3_384),
  digest('sha3-512', sha3_512),
  extendable('shake128', shake128, 16),
  extendable('shake256', shake256, 32),
  digest('blake2b512', blake2b),
  digest('blake2s256', blake2s),
  digest('ripemd160', ripemd160),
  { name: 'md5-sha1', outputLength: 36, blockLength: 64, isExtendable: false, create: () => md5Sha1() },
]

const byName = new Map(all.map((each) => [each.name, each]))

/** Other names that OpenSSL takes. */
const aliases: Record<string, string> = {
  'ssl3-md5': 'md5',
  'ssl3-sha1': 'sha1',
  'sha-1': 'sha1',
  'sha-224': 'sha224',
  'sha-256': 'sha256',
  'sha-384': 'sha384',
  'sha-512': 'sha512',
  'sha2-224': 'sha224',
  'sha2-256': 'sha256',
  'sha2-384': 'sha384',
  'sha2-512': 'sha512',
  'sha512/224': 'sha512-224',
  'sha512/256': 'sha512-256',
  'sha-512/224': 'sha512-224',
  'sha-512/256': 'sha512-256',
  'shake-128': 'shake128',
  'shake-256': 'shake256',
  'blake2b-512': 'blake2b512',
  'blake2s-256': 'blake2s256',
  ripemd: 'ripemd160',
  rmd160: 'ripemd160',
  'ripemd-160': 'ripemd160',
  'sha1-2': 'sha1',
}

export function findDigest(name: string): Digest | undefined {
  const lower = name.toLowerCase()
  const bare = lower
    .replace(/^rsa-/, '')
    .replace(/^id-rsassa-pkcs1-v1_5-with-/, '')
    .replace(/with(rsa|rsaencryption)$/, '')
  const known = bare === lower ? lower : bare
  return byName.get(aliases[known] ?? known)
}

/** `crypto.getHashes()`: OpenSSL's list without SM3. */
export const digestNames: readonly string[] = [
  'RSA-MD5',
  'RSA-RIPEMD160',
  'RSA-SHA1',
  'RSA-SHA1-2',
  'RSA-SHA224',
  'RSA-SHA256',
  'RSA-SHA3-224',
  'RSA-SHA3-256',
  'RSA-SHA3-384',
  'RSA-SHA3-512',
  'RSA-SHA384',
  'RSA-SHA512',
  'RSA-SHA512/224',
  'RSA-SHA512/256',
  'blake2b512',
  'blake2s256',
  'id-rsassa-pkcs1-v1_5-with-sha3-224',
  'id-rsassa-pkcs1-v1_5-with-sha3-256',
  'id-rsassa-pkcs1-v1_5-with-sha3-384',
  'id-rsassa-pkcs1-v1_5-with-sha3-512',
  'md5',
  'md5-sha1',
  'md5WithRSAEncryption',
  'ripemd',
  'ripemd160',
  'ripemd160WithRSA',
  'rmd160',
  'sha1',
  'sha1WithRSAEncryption',
  'sha224',
  'sha224WithRSAEncryption',
  'sha256',
  'sha256WithRSAEncryption',
  'sha3-224',
  'sha3-256',
  'sha3-384',
  'sha3-512',
  'sha384',
  'sha384WithRSAEncryption',
  'sha512',
  'sha512-224',
  'sha512-224WithRSAEncryption',
  'sha512-256',
  'sha512-256WithRSAEncryption',
  'sha512WithRSAEncryption',
  'shake128',
  'shake256',
  'ssl3-md5',
  'ssl3-sha1',
]

export function hashBytes(digest: Digest, ...parts: Uint8Array[]): Uint8Array {
  const running = digest.create()
  for (const part of parts) running.update(part)
  return running.digest()
}
