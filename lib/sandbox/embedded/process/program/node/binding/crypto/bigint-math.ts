import { bytesToBigint } from './asn1'
import { fillRandom } from './support'

/**
 * Arithmetic for RSA, DSA and Diffie-Hellman. BigInt does not run in constant time, so an attacker who can time a
 * program closely could learn about its keys: fit for a sandbox that holds no real secrets, and for nothing else.
 */

const windowBits = 4n

export function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length
}

export function byteLength(value: bigint): number {
  return Math.ceil(bitLength(value) / 8)
}

export function mod(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus
  return rest < 0n ? rest + modulus : rest
}

/** Fixed windows: the number of multiplications tells only the exponent's length. */
export function modPow(base: bigint, exponent: bigint, modulus: bigint): bigint {
  if (modulus === 1n) return 0n
  const table = [1n]
  for (let index = 1; index < 16; index++) table.push(((table[index - 1] as bigint) * mod(base, modulus)) % modulus)
  let result = 1n
  const digits = exponent.toString(16)
  for (const digit of digits) {
    for (let step = 0n; step < windowBits; step++) result = (result * result) % modulus
    result = (result * (table[Number.parseInt(digit, 16)] as bigint)) % modulus
  }
  return result
}

/** Undefined when they have a common factor. */
export function modInverse(value: bigint, modulus: bigint): bigint | undefined {
  let [oldRest, rest] = [mod(value, modulus), modulus]
  let [oldFactor, factor] = [1n, 0n]
  while (rest !== 0n) {
    const quotient = oldRest / rest
    ;[oldRest, rest] = [rest, oldRest - quotient * rest]
    ;[oldFactor, factor] = [factor, oldFactor - quotient * factor]
  }
  return oldRest === 1n ? mod(oldFactor, modulus) : undefined
}

export function gcd(left: bigint, right: bigint): bigint {
  let [a, b] = [left, right]
  while (b !== 0n) [a, b] = [b, a % b]
  return a
}

export function randomBits(bits: number): bigint {
  const bytes = fillRandom(new Uint8Array(Math.ceil(bits / 8)))
  return bytesToBigint(bytes) & ((1n << BigInt(bits)) - 1n)
}

/** Uniform in [1, limit). */
export function randomBelow(limit: bigint): bigint {
  const bits = bitLength(limit)
  for (;;) {
    const value = randomBits(bits)
    if (value > 0n && value < limit) return value
  }
}

function smallPrimesBelow(limit: number): number[] {
  const isComposite = new Uint8Array(limit)
  const primes: number[] = []
  for (let candidate = 2; candidate < limit; candidate++) {
    if (isComposite[candidate]) continue
    primes.push(candidate)
    for (let multiple = candidate * candidate; multiple < limit; multiple += candidate) isComposite[multiple] = 1
  }
  return primes
}

const smallPrimes = smallPrimesBelow(65_536)
const trialPrimes = smallPrimes.slice(0, 1024)

/** Trial division, then Miller-Rabin with random bases. */
export function isProbablePrime(value: bigint, rounds = roundsFor(bitLength(value))): boolean {
  if (value < 2n) return false
  for (const prime of trialPrimes) {
    if (value === BigInt(prime)) return true
    if (value % BigInt(prime) === 0n) return false
  }
  return passesMillerRabin(value, rounds)
}

/** Enough for an error below 2^-80 on random candidates (FIPS 186-5, table B.1). */
function roundsFor(bits: number): number {
  if (bits >= 1536) return 4
  if (bits >= 1024) return 5
  return bits >= 512 ? 8 : 28
}

function passesMillerRabin(value: bigint, rounds: number): boolean {
  const last = value - 1n
  let odd = last
  let twos = 0
  while ((odd & 1n) === 0n) {
    odd >>= 1n
    twos++
  }
  for (let round = 0; round < rounds; round++) {
    const base = randomBelow(last - 1n) + 1n
    if (isWitness({ value, base, odd, twos })) return false
  }
  return true
}

function isWitness({ value, base, odd, twos }: { value: bigint; base: bigint; odd: bigint; twos: number }): boolean {
  let power = modPow(base, odd, value)
  if (power === 1n || power === value - 1n) return false
  for (let step = 1; step < twos; step++) {
    power = (power * power) % value
    if (power === value - 1n) return false
  }
  return true
}

export interface PrimeOptions {
  /** (p − 1) / 2 is prime too. */
  readonly isSafe?: boolean
  /** p ≡ remainder (mod step). */
  readonly step?: bigint | undefined
  readonly remainder?: bigint | undefined
}

const sieveLength = 32_768
/** Below this many bits a prime may be one of the small ones that the sieve strikes out. */
const minSievedBits = 36

/** A random prime of exactly this many bits, the upper two of which are set unless a step was asked for. */
export function randomPrime(bits: number, options: PrimeOptions = {}): bigint {
  const { isSafe = false, step, remainder } = options
  const rest = remainder ?? (isSafe && step !== undefined ? 3n : 1n)
  if (bits < minSievedBits) return searchSmall(bits, { isSafe, step, remainder: rest })
  const unit = step ?? (isSafe ? 4n : 2n)
  const stride = unit % 2n === 0n ? unit : unit * 2n
  const top = step === undefined ? 3n << BigInt(bits - 2) : 1n << BigInt(bits - 1)
  for (;;) {
    const random = randomBits(bits) | top
    let start = random - mod(random - (step === undefined && isSafe ? 3n : rest), unit)
    if (start % 2n === 0n) start += unit
    const found = searchFrom(start, stride, isSafe)
    if (found !== undefined && bitLength(found) === bits) return found
  }
}

/** Walks on from an odd start, striking out by remainders what small primes divide before the costly test. */
function searchFrom(start: bigint, stride: bigint, isSafe: boolean): bigint | undefined {
  const isStruck = new Uint8Array(sieveLength)
  for (const prime of smallPrimes.slice(1)) {
    const rest = Number(start % BigInt(prime))
    const step = Number(stride % BigInt(prime))
    strike(isStruck, { prime, step, rest })
    // A safe prime's half must not be divisible either: p ≡ 1 (mod prime).
    if (isSafe) strike(isStruck, { prime, step, rest: (rest - 1 + prime) % prime })
  }
  for (let index = 0; index < sieveLength; index++) {
    if (isStruck[index]) continue
    const candidate = start + BigInt(index) * stride
    const rounds = roundsFor(bitLength(candidate))
    if (!passesMillerRabin(candidate, 1)) continue
    if (isSafe && !passesMillerRabin((candidate - 1n) / 2n, rounds)) continue
    if (passesMillerRabin(candidate, rounds)) return candidate
  }
  return undefined
}

/** Marks each place at which `rest + index * step` is a multiple of the prime. */
function strike(isStruck: Uint8Array, { prime, step, rest }: { prime: number; step: number; rest: number }): void {
  if (step === 0) {
    if (rest === 0) isStruck.fill(1)
    return
  }
  let index = 0
  for (let value = rest; value !== 0; value = (value + step) % prime) index++
  for (; index < isStruck.length; index += prime) isStruck[index] = 1
}

interface SmallSearch {
  readonly isSafe: boolean
  readonly step: bigint | undefined
  readonly remainder: bigint
}

function searchSmall(bits: number, { isSafe, step, remainder }: SmallSearch): bigint {
  for (;;) {
    const random = randomBits(bits) | ((step === undefined ? 3n : 2n) << BigInt(bits - 2))
    const candidate = step === undefined ? random : random - mod(random - remainder, step)
    if (candidate < 2n || bitLength(candidate) !== bits || !isProbablePrime(candidate)) continue
    if (!isSafe || isProbablePrime((candidate - 1n) / 2n)) return candidate
  }
}
