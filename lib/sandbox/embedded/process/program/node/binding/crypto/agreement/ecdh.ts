import { x448 } from '@noble/curves/ed448.js'
import { x25519 } from '@noble/curves/ed25519.js'
import { bigintToBytes, bytesToBigint } from '../asn1'
import { byteLength, modPow, randomBelow } from '../bigint-math'
import { nodeError, opensslError } from '../errors'
import { createJobClass } from '../job'
import { type EcCurve, ecCurves, findCurve } from '../key/curves'
import { type AsymmetricKey, type EcKey, ecPublicKey, readPoint, writePoint } from '../key/key-data'
import { asymmetricKey, type KeyHandle } from '../key-handle'
import { unsupportedOperation } from '../rsa-cipher'
import { type ByteSource, type CryptoSupport, equalBytes, toArrayBuffer, toBuffer, toBytes } from '../support'

const failed = (message: string) => nodeError('ERR_CRYPTO_OPERATION_FAILED', message)

export function requireCurve(name: string): EcCurve {
  const curve = findCurve(name)
  if (!curve) throw nodeError('ERR_CRYPTO_INVALID_CURVE', 'Invalid EC curve name', TypeError)
  return curve
}

/** Key agreement on curves, and between keys of any kind that can agree. */
export function createEcdhBinding(support: CryptoSupport) {
  class ECDH {
    readonly #curve: EcCurve
    #secret: bigint | undefined
    #publicKey: Uint8Array | undefined

    constructor(name: string) {
      this.#curve = requireCurve(name)
    }

    generateKeys(): void {
      this.#secret = randomBelow(this.#curve.order)
      this.#publicKey = ecPublicKey(this.#curve, this.#secret)
    }

    /** Text, and not bytes, is how Node's library is told that the other's key is wrong. */
    computeSecret(other: ByteSource) {
      if (!this.#isPairValid()) throw nodeError('ERR_CRYPTO_INVALID_KEYPAIR', 'Invalid key pair', RangeError)
      const point = readPoint(this.#curve, toBytes(other))
      if (!point) return 'invalid public key'
      return toBuffer(support, sharedX(this.#curve, this.#secret as bigint, point))
    }

    getPublicKey(form: number) {
      if (!this.#publicKey) throw failed('Failed to get ECDH public key')
      return toBuffer(support, writePoint(this.#curve, this.#publicKey, form).slice())
    }

    getPrivateKey() {
      if (this.#secret === undefined) throw failed('Failed to get ECDH private key')
      return toBuffer(support, bigintToBytes(this.#secret, this.#curve.orderBytes))
    }

    setPrivateKey(bytes: ByteSource): void {
      const secret = bytesToBigint(toBytes(bytes))
      const publicKey = ecPublicKey(this.#curve, secret)
      if (!publicKey) {
        const message = 'Private key is not valid for specified curve.'
        throw nodeError('ERR_CRYPTO_INVALID_KEYTYPE', message, RangeError)
      }
      this.#secret = secret
      this.#publicKey = publicKey
    }

    setPublicKey(bytes: ByteSource): void {
      const point = readPoint(this.#curve, toBytes(bytes))
      if (!point) throw failed('Failed to convert Buffer to EC_POINT')
      this.#publicKey = point
    }

    #isPairValid(): boolean {
      if (this.#secret === undefined || !this.#publicKey) return false
      const own = ecPublicKey(this.#curve, this.#secret)
      return own !== undefined && equalBytes(own, this.#publicKey)
    }
  }

  return {
    ECDH,
    ECDHConvertKey(bytes: ByteSource, name: string, form: number) {
      const curve = requireCurve(name)
      const point = readPoint(curve, toBytes(bytes))
      if (!point) throw failed('Failed to convert Buffer to EC_POINT')
      return toBuffer(support, writePoint(curve, point, form).slice())
    },
    getCurves: () => ecCurves.map(({ name }) => name),
    statelessDH: (own: KeyHandle, other: KeyHandle) =>
      toBuffer(support, agree(asymmetricKey(own), asymmetricKey(other))),
    ECDHBitsJob: createJobClass(support, (other: KeyHandle, own: KeyHandle) => {
      return () => toArrayBuffer(agree(asymmetricKey(own), asymmetricKey(other)))
    }),
    DHBitsJob: createJobClass(support, (other: KeyHandle, own: KeyHandle) => {
      return () => toArrayBuffer(agree(asymmetricKey(own), asymmetricKey(other)))
    }),
  }
}

function sharedX(curve: EcCurve, secret: bigint, point: Uint8Array): Uint8Array {
  const shared = curve.math.Point.fromBytes(point).multiply(secret).toBytes(false)
  return shared.slice(1, 1 + curve.fieldBytes)
}

/** The secret that both sides come to; the two keys are of one kind. */
function agree(own: AsymmetricKey, other: AsymmetricKey): Uint8Array {
  const mismatch = () => opensslError('provider', 203, 'mismatching domain parameters')
  if (own.kind === 'ec' && other.kind === 'ec') {
    if (own.curve !== other.curve) throw mismatch()
    return sharedX(own.curve, (own as EcKey).secret as bigint, other.publicKey)
  }
  if (own.kind === 'dh' && other.kind === 'dh') {
    if (own.p !== other.p || own.g !== other.g) throw mismatch()
    return bigintToBytes(modPow(other.y, own.secret as bigint, own.p), byteLength(own.p))
  }
  if ((own.kind === 'x25519' || own.kind === 'x448') && own.kind === other.kind) {
    return agreeMontgomery(own.kind, own.secret as Uint8Array, other.publicKey)
  }
  throw unsupportedOperation()
}

function agreeMontgomery(kind: 'x25519' | 'x448', secret: Uint8Array, publicKey: Uint8Array): Uint8Array {
  const curve = kind === 'x25519' ? x25519 : x448
  try {
    return curve.getSharedSecret(secret, publicKey)
  } catch {
    // noble refuses keys of small order, which would give a secret of zeros.
    throw opensslError('provider', 164, 'failed during derivation')
  }
}
