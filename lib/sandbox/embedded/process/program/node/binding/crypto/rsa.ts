import { bigintToBytes, bytesToBigint } from './asn1'
import { bitLength, byteLength, gcd, modInverse, modPow, randomBelow, randomPrime } from './bigint-math'
import { opensslError } from './errors'
import { type RsaKey, rsaSecretOf } from './key/key-data'

/** RSA's two permutations and its keys. See `bigint-math` on what this does not protect against. */

export function modulusBytes({ n }: RsaKey): number {
  return byteLength(n)
}

function tooLarge(): Error {
  return opensslError('rsa', 132, 'data too large for modulus')
}

/** The public permutation, of bytes as long as the modulus. */
export function applyPublic(key: RsaKey, bytes: Uint8Array): Uint8Array {
  const value = bytesToBigint(bytes)
  if (value >= key.n) throw tooLarge()
  return bigintToBytes(modPow(value, key.e, key.n), modulusBytes(key))
}

/** The private permutation: by the Chinese remainder theorem, on a blinded value. */
export function applyPrivate(key: RsaKey, bytes: Uint8Array): Uint8Array {
  const { n, e, secret } = key
  if (!secret) throw opensslError('rsa', 179, 'missing private key')
  const value = bytesToBigint(bytes)
  if (value >= n) throw tooLarge()
  const { p, q, dp, dq, qi } = secret
  const { blind, unblind } = blindingFor(n, e)
  const blinded = (value * blind) % n
  const left = modPow(blinded % p, dp, p)
  const right = modPow(blinded % q, dq, q)
  const lift = (((left - right) * qi) % p) + p
  const result = ((right + q * (lift % p)) * unblind) % n
  return bigintToBytes(result, modulusBytes(key))
}

function blindingFor(n: bigint, e: bigint): { blind: bigint; unblind: bigint } {
  for (;;) {
    const factor = randomBelow(n)
    const unblind = modInverse(factor, n)
    if (unblind !== undefined) return { blind: modPow(factor, e, n), unblind }
  }
}

const minModulusBits = 512

export function checkRsaParameters(bits: number, e: bigint): void {
  if (bits < minModulusBits) throw new Error('error:1C8000AB:Provider routines::key size too small')
  if (e < 3n || e % 2n === 0n) throw new Error('error:020000B2:rsa routines::pub exponent out of range')
}

export function generateRsa(bits: number, e: bigint): RsaKey {
  for (;;) {
    const [first, second] = [randomRsaPrime(Math.ceil(bits / 2), e), randomRsaPrime(Math.floor(bits / 2), e)]
    if (first === second || bitLength(first * second) !== bits) continue
    const [p, q] = first > second ? [first, second] : [second, first]
    const [p1, q1] = [p - 1n, q - 1n]
    const d = modInverse(e, (p1 * q1) / gcd(p1, q1))
    if (d !== undefined) return { kind: 'rsa', n: p * q, e, secret: rsaSecretOf({ p, q, d }) }
  }
}

function randomRsaPrime(bits: number, e: bigint): bigint {
  for (;;) {
    const prime = randomPrime(bits)
    if (gcd(prime - 1n, e) === 1n) return prime
  }
}
