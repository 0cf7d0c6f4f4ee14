/** The groups of RFC 2409 and RFC 3526, computed from how those documents define them. */
export interface DhGroup {
  readonly p: bigint
  readonly g: bigint
}

/** The bits of each prime, and the number that its definition adds to the bits of π. */
const definitions: Record<string, [bits: number, offset: number]> = {
  modp1: [768, 149686],
  modp2: [1024, 129093],
  modp5: [1536, 741804],
  modp14: [2048, 124476],
  modp15: [3072, 1690314],
  modp16: [4096, 240904],
  modp17: [6144, 929484],
  modp18: [8192, 4743158],
}

const made = new Map<string, DhGroup>()

export function findGroup(name: string): DhGroup | undefined {
  const definition = definitions[name.toLowerCase()]
  if (!definition) return undefined
  const known = made.get(name) ?? { p: primeOf(...definition), g: 2n }
  made.set(name, known)
  return known
}

/** Whether a prime is one of these, which need no check of their own. */
export function isGroupPrime(p: bigint, bits: number): boolean {
  const [name] = Object.entries(definitions).find(([, [size]]) => size === bits) ?? []
  return name !== undefined && findGroup(name)?.p === p
}

/** 2^n − 2^(n−64) − 1 + 2^64 · (⌊2^(n−130) · π⌋ + offset) */
function primeOf(bits: number, offset: number): bigint {
  const size = BigInt(bits)
  return (1n << size) - (1n << (size - 64n)) - 1n + ((piTimes(bits - 130) + BigInt(offset)) << 64n)
}

/** ⌊2^bits · π⌋ by Machin's formula, with bits to spare. */
function piTimes(bits: number): bigint {
  const spare = 64n
  const one = 1n << (BigInt(bits) + spare)
  return (4n * (4n * inverseTangent(5n, one) - inverseTangent(239n, one))) >> spare
}

/** arctan(1 / divisor), as a multiple of `one`. */
function inverseTangent(divisor: bigint, one: bigint): bigint {
  let power = one / divisor
  let sum = power
  for (let odd = 3n, sign = -1n; power !== 0n; odd += 2n, sign = -sign) {
    power /= divisor * divisor
    sum += (sign * power) / odd
  }
  return sum
}
