import { bigintToBytes, bytesToBigint } from '../asn1'
import { bitLength, byteLength, isProbablePrime, modPow, randomBits, randomPrime } from '../bigint-math'
import { nodeError, opensslError } from '../errors'
import { type ByteSource, type CryptoSupport, toBuffer, toBytes } from '../support'
import { type DhGroup, findGroup, isGroupPrime } from './dh-groups'

/** What `verifyError` is made of: `DH_CHECK_P_NOT_PRIME` and its siblings. */
const checkFlag = { notPrime: 1, notSafePrime: 2, unsuitableGenerator: 8, modulusTooSmall: 0x80 } as const

const minCheckedBits = 512
const minGeneratedBits = 2
/** Twice the strength that even the largest groups here are thought to have. */
const maxSecretBits = 512

/** Classic Diffie-Hellman. */
export function createDiffieHellmanBinding(support: CryptoSupport) {
  class DiffieHellman {
    readonly #group: DhGroup
    #secret: bigint | undefined
    #publicKey: bigint | undefined

    constructor(sizeOrPrime: number | ByteSource, generator: number | ByteSource) {
      this.#group = typeof sizeOrPrime === 'number' ? generate(sizeOrPrime, generator) : given(sizeOrPrime, generator)
    }

    get verifyError(): number {
      return checkGroup(this.#group)
    }

    generateKeys() {
      this.#secret ??= randomSecret(this.#group)
      this.#publicKey = modPow(this.#group.g, this.#secret, this.#group.p)
      return this.#number(this.#publicKey)
    }

    computeSecret(other: ByteSource) {
      const { p } = this.#group
      const key = bytesToBigint(toBytes(other))
      if (key <= 1n) throw nodeError('ERR_CRYPTO_INVALID_KEYLEN', 'Supplied key is too small', RangeError)
      if (key >= p - 1n) throw nodeError('ERR_CRYPTO_INVALID_KEYLEN', 'Supplied key is too large', RangeError)
      if (this.#secret === undefined) throw opensslError('dh', 100, 'no private value')
      return toBuffer(support, bigintToBytes(modPow(key, this.#secret, p), byteLength(p)))
    }

    getPrime() {
      return this.#number(this.#group.p)
    }

    getGenerator() {
      return this.#number(this.#group.g)
    }

    getPublicKey() {
      return this.#number(this.#publicKey ?? missing('public'))
    }

    getPrivateKey() {
      return this.#number(this.#secret ?? missing('private'))
    }

    setPublicKey(bytes: ByteSource): void {
      this.#publicKey = bytesToBigint(toBytes(bytes))
    }

    setPrivateKey(bytes: ByteSource): void {
      this.#secret = bytesToBigint(toBytes(bytes))
    }

    #number(value: bigint) {
      return toBuffer(support, bigintToBytes(value))
    }
  }

  class DiffieHellmanGroup extends DiffieHellman {
    constructor(name: string) {
      const group = requireGroup(name)
      super(bigintToBytes(group.p), bigintToBytes(group.g))
    }
  }

  return { DiffieHellman, DiffieHellmanGroup }
}

export function requireGroup(name: string): DhGroup {
  const group = findGroup(name)
  if (!group) throw nodeError('ERR_CRYPTO_UNKNOWN_DH_GROUP', 'Unknown DH group')
  return group
}

export function randomSecret({ p }: DhGroup): bigint {
  const bits = Math.min(bitLength(p) - 1, maxSecretBits)
  for (;;) {
    const secret = randomBits(bits)
    if (secret > 1n && secret < p - 1n) return secret
  }
}

/** A safe prime in which the generator makes a large group, by the residues that OpenSSL asks for. */
export function generateGroup(bits: number, generator: bigint): DhGroup {
  const [step, remainder] = generator === 2n ? [24n, 23n] : generator === 5n ? [60n, 59n] : [12n, 11n]
  return { p: randomPrime(bits, { isSafe: true, step, remainder }), g: generator }
}

function generate(bits: number, generator: number | ByteSource): DhGroup {
  if (bits < minGeneratedBits) throw opensslError('dh', 126, 'modulus too small')
  const value = typeof generator === 'number' ? BigInt(generator) : bytesToBigint(toBytes(generator))
  if (value <= 1n) throw badGenerator()
  return generateGroup(bits, value)
}

function given(prime: ByteSource, generator: number | ByteSource): DhGroup {
  const g = typeof generator === 'number' ? BigInt(generator) : bytesToBigint(toBytes(generator))
  if (g <= 1n) throw badGenerator()
  return { p: bytesToBigint(toBytes(prime)), g }
}

const badGenerator = () => opensslError('dh', 101, 'bad generator')

function missing(part: 'public' | 'private'): never {
  throw nodeError('ERR_CRYPTO_INVALID_STATE', `No ${part} key - did you forget to generate one?`)
}

function checkGroup({ p, g }: DhGroup): number {
  const bits = bitLength(p)
  if (isGroupPrime(p, bits)) return 0
  let flags = bits < minCheckedBits ? checkFlag.modulusTooSmall : 0
  if (!isProbablePrime(p)) flags |= checkFlag.notPrime
  else if (!isProbablePrime((p - 1n) / 2n)) flags |= checkFlag.notSafePrime
  if (g >= p - 1n) flags |= checkFlag.unsuitableGenerator
  return flags
}
