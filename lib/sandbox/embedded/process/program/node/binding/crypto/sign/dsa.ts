import { bytesToBigint } from '../asn1'
import { bitLength, mod, modInverse, modPow, randomBelow, randomPrime } from '../bigint-math'
import type { DsaKey } from '../key/key-data'

export interface NumberPair {
  readonly r: bigint
  readonly s: bigint
}

/** The leftmost bits of the hash, as many as the group's order has. */
function hashNumber(hash: Uint8Array, order: bigint): bigint {
  const spare = hash.length * 8 - bitLength(order)
  const value = bytesToBigint(hash)
  return spare > 0 ? value >> BigInt(spare) : value
}

/** FIPS 186-4. */
export function signDsa({ p, q, g, secret = 0n }: DsaKey, hash: Uint8Array): NumberPair {
  const message = hashNumber(hash, q)
  for (;;) {
    const nonce = randomBelow(q)
    const r = modPow(g, nonce, p) % q
    const s = mod((modInverse(nonce, q) ?? 0n) * (message + secret * r), q)
    if (r !== 0n && s !== 0n) return { r, s }
  }
}

export function isDsaRight({ p, q, g, y }: DsaKey, hash: Uint8Array, { r, s }: NumberPair): boolean {
  if (r <= 0n || r >= q || s <= 0n || s >= q) return false
  const inverse = modInverse(s, q)
  if (inverse === undefined) return false
  const first = (hashNumber(hash, q) * inverse) % q
  const second = (r * inverse) % q
  return ((modPow(g, first, p) * modPow(y, second, p)) % p) % q === r
}

/** A fresh group and a key in it. */
export function generateDsa(modulusBits: number, divisorBits: number): DsaKey {
  const q = randomPrime(divisorBits)
  const p = randomPrime(modulusBits, { step: 2n * q })
  const cofactor = (p - 1n) / q
  let g = 1n
  for (let base = 2n; g === 1n; base++) g = modPow(base, cofactor, p)
  const secret = randomBelow(q)
  return { kind: 'dsa', p, q, g, y: modPow(g, secret, p), secret }
}
