import { writeNull, writeOctets, writeOid, writeSequence } from './asn1'
import { type Digest, hashBytes } from './digests'
import { opensslError } from './errors'
import { hmacBytes } from './hmac'
import { oidOfDigest } from './key/algorithm-ids'
import { concatBytes, equalBytes, fillRandom } from './support'

/** The paddings of RFC 8017; `length` is always the modulus's, in bytes. */

const minFill = 8
const digestTooBig = () => opensslError('rsa', 112, 'digest too big for rsa key')
const tooLargeForKey = () => opensslError('rsa', 110, 'data too large for key size')
const oaepFailed = () => opensslError('rsa', 121, 'oaep decoding error')

/** DigestInfo; the MD5 and SHA-1 of old TLS go without it. */
export function digestInfo(digest: Digest, hash: Uint8Array): Uint8Array {
  const oid = oidOfDigest(digest.name)
  if (digest.name === 'md5-sha1') return hash
  if (!oid) throw opensslError('rsa', 117, 'unknown algorithm type')
  return writeSequence(writeSequence(writeOid(oid), writeNull()), writeOctets(hash))
}

export function padSignature(message: Uint8Array, length: number, isDigest: boolean): Uint8Array {
  const fill = length - message.length - 3
  if (fill < minFill) throw isDigest ? digestTooBig() : tooLargeForKey()
  return concatBytes(Uint8Array.of(0, 1), new Uint8Array(fill).fill(0xff), Uint8Array.of(0), message)
}

export function unpadSignature(padded: Uint8Array): Uint8Array {
  if (padded[0] !== 0 || padded[1] !== 1) throw opensslError('rsa', 106, 'block type is not 01')
  const end = padded.findIndex((byte, index) => index > 1 && byte !== 0xff)
  if (end < 2 + minFill || padded[end] !== 0) throw opensslError('rsa', 103, 'bad fixed header decrypt')
  return padded.slice(end + 1)
}

export function padEncryption(message: Uint8Array, length: number): Uint8Array {
  const fill = length - message.length - 3
  if (fill < minFill) throw tooLargeForKey()
  return concatBytes(Uint8Array.of(0, 2), randomNonZero(fill), Uint8Array.of(0), message)
}

function randomNonZero(length: number): Uint8Array {
  const bytes = fillRandom(new Uint8Array(length))
  for (let index = bytes.indexOf(0); index >= 0; index = bytes.indexOf(0)) fillRandom(bytes.subarray(index, index + 1))
  return bytes
}

/**
 * A wrong padding gives a made-up message and no error (implicit rejection), so that nobody can use the error as an
 * oracle; the message is always the same for the same input, which is what `seed` is for.
 */
export function unpadEncryption(padded: Uint8Array, digest: Digest, seed: Uint8Array): Uint8Array {
  const end = padded.indexOf(0, 2)
  if (padded[0] === 0 && padded[1] === 2 && end >= 2 + minFill) return padded.slice(end + 1)
  const choice = hmacBytes(digest, seed, padded)
  const length = (((choice[0] as number) << 8) | (choice[1] as number)) % (padded.length - 10)
  return maskOf(digest, choice, length)
}

/** MGF1. */
function maskOf(digest: Digest, seed: Uint8Array, length: number): Uint8Array {
  const blocks: Uint8Array[] = []
  for (let made = 0; made < length; made += digest.outputLength) {
    const number = blocks.length
    blocks.push(hashBytes(digest, seed, Uint8Array.of(number >>> 24, number >>> 16, number >>> 8, number)))
  }
  return concatBytes(...blocks).subarray(0, length)
}

function xor(left: Uint8Array, right: Uint8Array): Uint8Array {
  return left.map((byte, index) => byte ^ (right[index] as number))
}

export interface OaepOptions {
  readonly digest: Digest
  readonly label: Uint8Array
}

export function padOaep(message: Uint8Array, length: number, { digest, label }: OaepOptions): Uint8Array {
  const fill = length - message.length - 2 * digest.outputLength - 2
  if (fill < 0) throw tooLargeForKey()
  const block = concatBytes(hashBytes(digest, label), new Uint8Array(fill), Uint8Array.of(1), message)
  const seed = fillRandom(new Uint8Array(digest.outputLength))
  const masked = xor(block, maskOf(digest, seed, block.length))
  return concatBytes(Uint8Array.of(0), xor(seed, maskOf(digest, masked, seed.length)), masked)
}

export function unpadOaep(padded: Uint8Array, { digest, label }: OaepOptions): Uint8Array {
  const { outputLength } = digest
  if (padded.length < 2 * outputLength + 2 || padded[0] !== 0) throw oaepFailed()
  const masked = padded.subarray(1 + outputLength)
  const seed = xor(padded.subarray(1, 1 + outputLength), maskOf(digest, masked, outputLength))
  const block = xor(masked, maskOf(digest, seed, masked.length))
  const end = block.findIndex((byte, index) => index >= outputLength && byte !== 0)
  const isRight = equalBytes(block.subarray(0, outputLength), hashBytes(digest, label))
  if (!isRight || block[end] !== 1) throw oaepFailed()
  return block.slice(end + 1)
}

export interface PssOptions {
  readonly digest: Digest
  readonly mgfDigest: Digest
  /** Undefined when verifying: whatever length the signature has. */
  readonly saltLength: number | undefined
}

/** EMSA-PSS; `bits` is the modulus's length less one. */
export function padPss(hash: Uint8Array, bits: number, { digest, mgfDigest, saltLength = 0 }: PssOptions): Uint8Array {
  const length = Math.ceil(bits / 8)
  const fill = length - hash.length - saltLength - 2
  if (fill < 0) throw tooLargeForKey()
  const salt = fillRandom(new Uint8Array(saltLength))
  const check = hashBytes(digest, new Uint8Array(8), hash, salt)
  const block = concatBytes(new Uint8Array(fill), Uint8Array.of(1), salt)
  const masked = xor(block, maskOf(mgfDigest, check, block.length))
  masked[0] = (masked[0] as number) & (0xff >> (8 * length - bits))
  return concatBytes(masked, check, Uint8Array.of(0xbc))
}

export function maxPssSaltLength(digest: Digest, bits: number): number {
  return Math.ceil(bits / 8) - digest.outputLength - 2
}

export function isPssRight(padded: Uint8Array, hash: Uint8Array, bits: number, options: PssOptions): boolean {
  const { digest, mgfDigest, saltLength } = options
  const length = Math.ceil(bits / 8)
  // A modulus of 8n + 1 bits leaves a whole byte before the block.
  const block = padded.subarray(padded.length - length)
  if (padded.subarray(0, padded.length - length).some((byte) => byte !== 0)) return false
  if (length < hash.length + 2 || block.at(-1) !== 0xbc) return false
  const masked = block.subarray(0, length - hash.length - 1)
  const check = block.subarray(masked.length, length - 1)
  const spare = 0xff >> (8 * length - bits)
  if (((masked[0] as number) & ~spare & 0xff) !== 0) return false
  const plain = xor(masked, maskOf(mgfDigest, check, masked.length))
  plain[0] = (plain[0] as number) & spare
  const start = plain.findIndex((byte) => byte !== 0)
  if (start < 0 || plain[start] !== 1) return false
  const salt = plain.subarray(start + 1)
  if (saltLength !== undefined && salt.length !== saltLength) return false
  return equalBytes(check, hashBytes(digest, new Uint8Array(8), hash, salt))
}
