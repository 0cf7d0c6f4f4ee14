import { bigintToBytes } from '../asn1'
import { bitLength } from '../bigint-math'
import { KeyHandle } from '../key-handle'
import { writePem } from '../pem'
import {
  type ByteSource,
  type CryptoSupport,
  equalBytes,
  type NodeBuffer,
  toArrayBuffer,
  toBuffer,
  toBytes,
} from '../support'
import { findCurve, okpCurves } from './curves'
import { type Jwk, readJwk, writeJwk } from './jwk'
import { type AsymmetricKey, ecPublicKey, isPrivate, type KeyData, keyType, publicPart, readPoint } from './key-data'
import { encryptLegacyPem, encryptPkcs8 } from './key-encryption'
import { keyEncoding, keyFormat, parsePrivateKey, parsePublicOrPrivateKey } from './key-parser'
import { writePkcs1Private, writePkcs1Public, writePkcs8, writeSec1, writeSpki } from './key-writer'

/** How a key is to be written; all absent for a `KeyObject`. */
export interface KeyEncodingChoice {
  readonly format?: number | undefined
  readonly type?: number | undefined
  readonly cipher?: string | null | undefined
  readonly passphrase?: ByteSource | undefined
}

interface KeyMessage {
  type: number
  bytes: Uint8Array
}

/** Keys as Node's library holds them. */
export function createKeyBinding(support: CryptoSupport) {
  class KeyObjectHandle extends KeyHandle {
    #data: KeyData | undefined

    static of(data: KeyData): KeyObjectHandle {
      const handle = new KeyObjectHandle()
      handle.#data = data
      return handle
    }

    get keyData(): KeyData {
      if (!this.#data) throw new Error('The key handle was never initialised')
      return this.#data
    }

    init(kind: number, data: KeyHandle | ByteSource, format?: number, type?: number, passphrase?: ByteSource): void {
      if (kind === keyType.secret) {
        this.#data = { kind: 'secret', bytes: toBytes(data as ByteSource).slice() }
        return
      }
      const input = { data, format, type, passphrase }
      this.#data = kind === keyType.private ? parsePrivateKey(input) : publicPart(parsePublicOrPrivateKey(input))
    }

    initJwk(jwk: Jwk, curveName?: string): number | undefined {
      this.#data = readJwk(jwk, curveName)
      if (!this.#data) return undefined
      if (this.#data.kind === 'secret') return keyType.secret
      return isPrivate(this.#data) ? keyType.private : keyType.public
    }

    initECRaw(curveName: string, bytes: ByteSource): boolean {
      const curve = findCurve(curveName)
      const publicKey = curve && readPoint(curve, toBytes(bytes))
      if (publicKey) this.#data = { kind: 'ec', curve, publicKey }
      return publicKey !== undefined
    }

    initEDRaw(name: string, source: ByteSource, kind: number): boolean {
      const curve = okpCurves.find(({ jwkName }) => jwkName === name)
      const bytes = toBytes(source).slice()
      if (!curve || bytes.length !== curve.keyBytes) return false
      this.#data =
        kind === keyType.private
          ? { kind: curve.kind, publicKey: curve.getPublicKey(bytes), secret: bytes }
          : { kind: curve.kind, publicKey: bytes }
      return true
    }

    /** The key as plain bytes, for another thread. */
    toMessage(): KeyMessage {
      const { keyData } = this
      if (keyData.kind === 'secret') return { type: keyType.secret, bytes: keyData.bytes.slice() }
      return isPrivate(keyData)
        ? { type: keyType.private, bytes: writePkcs8(keyData) }
        : { type: keyType.public, bytes: writeSpki(keyData) }
    }

    static fromMessage({ type, bytes }: KeyMessage): KeyObjectHandle {
      const handle = new KeyObjectHandle()
      const encoding = type === keyType.private ? keyEncoding.pkcs8 : keyEncoding.spki
      handle.init(type, bytes, keyFormat.der, encoding)
      return handle
    }

    getSymmetricKeySize(): number {
      return this.keyData.kind === 'secret' ? this.keyData.bytes.length : 0
    }

    getAsymmetricKeyType(): string {
      return this.keyData.kind
    }

    keyDetail(target: object): object {
      return Object.assign(target, detailsOf(this.keyData))
    }

    checkEcKeyData(): boolean {
      const { keyData } = this
      if (keyData.kind !== 'ec') return false
      if (keyData.secret === undefined) return true
      const own = ecPublicKey(keyData.curve, keyData.secret)
      return own !== undefined && equalBytes(own, keyData.publicKey)
    }

    equals(other: KeyHandle): boolean {
      return areEqual(this.keyData, other.keyData)
    }

    exportJwk(target: object, mayBePss: boolean): object {
      return Object.assign(target, writeJwk(this.keyData, mayBePss))
    }

    export(format?: number, type?: number, cipher?: string | null, passphrase?: ByteSource): NodeBuffer | string {
      const { keyData } = this
      if (keyData.kind === 'secret') return toBuffer(support, keyData.bytes.slice())
      return encodeKey(support, keyData, { format, type, cipher, passphrase }) as NodeBuffer | string
    }
  }

  return {
    KeyObjectHandle,
    handleOf: (data: KeyData): KeyHandle => KeyObjectHandle.of(data),
    createNativeKeyObjectClass(define: (Base: unknown) => unknown): unknown {
      return define(
        class NativeKeyObject extends KeyHandle {
          readonly #handle: KeyHandle

          constructor(handle: KeyHandle) {
            super()
            this.#handle = handle
          }

          get keyData(): KeyData {
            return this.#handle.keyData
          }

          toMessage(): { type: number; handle: KeyHandle } {
            const { keyData } = this
            const type =
              keyData.kind === 'secret' ? keyType.secret : isPrivate(keyData) ? keyType.private : keyType.public
            return { type, handle: this.#handle }
          }
        },
      )
    },
  }
}

/** A key in the encoding asked for: text for PEM, a Buffer for DER, an object for JWK. */
export function encodeKey(support: CryptoSupport, key: AsymmetricKey, choice: KeyEncodingChoice): unknown {
  if (choice.format === keyFormat.jwk) return writeJwk(key, false)
  const { label, bytes, headers } = isPrivate(key) ? encodePrivate(key, choice) : encodePublic(key, choice)
  return choice.format === keyFormat.pem ? writePem(label, bytes, headers) : toBuffer(support, bytes)
}

interface EncodedKey {
  readonly label: string
  readonly bytes: Uint8Array
  readonly headers?: readonly string[]
}

function encodePublic(key: AsymmetricKey, { type }: KeyEncodingChoice): EncodedKey {
  if (type === keyEncoding.pkcs1 && key.kind === 'rsa') {
    return { label: 'RSA PUBLIC KEY', bytes: writePkcs1Public(key) }
  }
  return { label: 'PUBLIC KEY', bytes: writeSpki(key) }
}

function encodePrivate(key: AsymmetricKey, choice: KeyEncodingChoice): EncodedKey {
  const protection = choice.cipher
    ? { cipher: choice.cipher, passphrase: toBytes(choice.passphrase ?? new Uint8Array(0)) }
    : undefined
  const traditional = encodeTraditional(key, choice.type)
  if (traditional)
    return protection ? { ...traditional, ...encryptLegacyPem(traditional.bytes, protection) } : traditional
  const pkcs8 = writePkcs8(key)
  if (!protection) return { label: 'PRIVATE KEY', bytes: pkcs8 }
  return { label: 'ENCRYPTED PRIVATE KEY', bytes: encryptPkcs8(pkcs8, protection) }
}

function encodeTraditional(key: AsymmetricKey, type: number | undefined): EncodedKey | undefined {
  if (type === keyEncoding.pkcs1 && (key.kind === 'rsa' || key.kind === 'rsa-pss')) {
    return { label: 'RSA PRIVATE KEY', bytes: writePkcs1Private(key) }
  }
  if (type === keyEncoding.sec1 && key.kind === 'ec') return { label: 'EC PRIVATE KEY', bytes: writeSec1(key) }
  return undefined
}

function detailsOf(key: KeyData): object {
  switch (key.kind) {
    case 'secret':
      return { length: key.bytes.length * 8 }
    case 'rsa':
    case 'rsa-pss': {
      const shared = { modulusLength: bitLength(key.n), publicExponent: toArrayBuffer(bigintToBytes(key.e)) }
      if (!key.pss) return shared
      const { hash, mgfHash, saltLength } = key.pss
      return { ...shared, hashAlgorithm: hash, mgf1HashAlgorithm: mgfHash, saltLength }
    }
    case 'ec':
      return { namedCurve: key.curve.name }
    case 'dsa':
      return { modulusLength: bitLength(key.p), divisorLength: bitLength(key.q) }
    case 'dh':
      return {}
    default:
      return {}
  }
}

function areEqual(left: KeyData, right: KeyData): boolean {
  if (left.kind !== right.kind) return false
  if (left.kind === 'secret') return right.kind === 'secret' && equalBytes(left.bytes, right.bytes)
  if (right.kind === 'secret' || isPrivate(left) !== isPrivate(right)) return false
  const write = isPrivate(left) ? writePkcs8 : writeSpki
  return equalBytes(write(left), write(right))
}
