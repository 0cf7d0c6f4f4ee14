import { findDigest } from './digests'
import { nodeError, opensslError } from './errors'
import { createJobClass } from './job'
import type { AsymmetricKey, RsaKey } from './key/key-data'
import { type KeyInput, parsePrivateKey, parsePublicOrPrivateKey } from './key/key-parser'
import { writePkcs1Private } from './key/key-writer'
import { asymmetricKey, type KeyHandle } from './key-handle'
import { applyPrivate, applyPublic, modulusBytes } from './rsa'
import { padEncryption, padOaep, padSignature, unpadEncryption, unpadOaep, unpadSignature } from './rsa-padding'
import { type ByteSource, type CryptoSupport, concatBytes, toArrayBuffer, toBuffer, toBytes } from './support'

/** `RSA_PKCS1_PADDING` and its siblings in `crypto.constants`. */
export const rsaPadding = { pkcs1: 1, none: 3, oaep: 4, pss: 6 } as const

const webCryptoEncrypt = 0

interface PaddingChoice {
  readonly padding: number
  readonly hash?: string | undefined
  readonly label?: ByteSource | undefined
}

export const unsupportedPadding = () => opensslError('provider', 165, 'illegal or unsupported padding mode')
export const unsupportedOperation = () => opensslError('evp', 150, 'operation not supported for this keytype')

/** Encryption with RSA keys, Node's four functions and Web Crypto's job. */
export function createRsaCipherBinding(support: CryptoSupport) {
  type Operation = (key: RsaKey, bytes: Uint8Array, choice: PaddingChoice) => Uint8Array
  const withKey =
    (parse: (input: KeyInput) => AsymmetricKey, operation: Operation) =>
    (...[data, format, type, passphrase, bytes, padding, hash, label]: RsaCall) => {
      const key = requireRsa(parse({ data, format, type, passphrase }))
      return toBuffer(support, operation(key, toBytes(bytes).slice(), { padding, hash, label }))
    }

  return {
    publicEncrypt: withKey(parsePublicOrPrivateKey, encryptPublic),
    privateDecrypt: withKey(parsePrivateKey, decryptPrivate),
    privateEncrypt: withKey(parsePrivateKey, encryptPrivate),
    publicDecrypt: withKey(parsePublicOrPrivateKey, decryptPublic),
    RSACipherJob: createJobClass(
      support,
      (mode: number, handle: KeyHandle, data: ByteSource, _variant: number, hash: string, label?: ByteSource) => {
        const bytes = toBytes(data).slice()
        const choice = { padding: rsaPadding.oaep, hash, label }
        const operation = mode === webCryptoEncrypt ? encryptPublic : decryptPrivate
        return () => toArrayBuffer(operation(requireRsa(asymmetricKey(handle)), bytes, choice))
      },
    ),
  }
}

type RsaCall = [
  data: KeyHandle | ByteSource,
  format: number | string | undefined,
  type: number | undefined,
  passphrase: ByteSource | undefined,
  bytes: ByteSource,
  padding: number,
  hash: string | undefined,
  label: ByteSource | undefined,
]

function requireRsa(key: AsymmetricKey): RsaKey {
  if (key.kind !== 'rsa') throw unsupportedOperation()
  return key
}

function oaepOptions({ hash = 'sha1', label }: PaddingChoice) {
  const digest = findDigest(hash)
  if (!digest) throw nodeError('ERR_OSSL_EVP_INVALID_DIGEST', 'Invalid digest used')
  return { digest, label: label ? toBytes(label) : new Uint8Array(0) }
}

function withoutPadding(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length > length) throw opensslError('rsa', 110, 'data too large for key size')
  if (bytes.length < length) throw opensslError('rsa', 122, 'data too small for key size')
  return bytes
}

function encryptPublic(key: RsaKey, bytes: Uint8Array, choice: PaddingChoice): Uint8Array {
  const length = modulusBytes(key)
  switch (choice.padding) {
    case rsaPadding.oaep:
      return applyPublic(key, padOaep(bytes, length, oaepOptions(choice)))
    case rsaPadding.pkcs1:
      return applyPublic(key, padEncryption(bytes, length))
    case rsaPadding.none:
      return applyPublic(key, withoutPadding(bytes, length))
    default:
      throw unsupportedPadding()
  }
}

function decryptPrivate(key: RsaKey, bytes: Uint8Array, choice: PaddingChoice): Uint8Array {
  const length = modulusBytes(key)
  if (bytes.length > length) throw opensslError('rsa', 108, 'data greater than mod len')
  const decrypted = () => applyPrivate(key, concatBytes(new Uint8Array(length - bytes.length), bytes))
  switch (choice.padding) {
    case rsaPadding.oaep:
      return unpadOaep(decrypted(), oaepOptions(choice))
    case rsaPadding.pkcs1: {
      const { digest } = oaepOptions({ padding: choice.padding, hash: 'sha256' })
      return unpadEncryption(decrypted(), digest, writePkcs1Private(key))
    }
    case rsaPadding.none:
      return decrypted()
    default:
      throw unsupportedPadding()
  }
}

function encryptPrivate(key: RsaKey, bytes: Uint8Array, choice: PaddingChoice): Uint8Array {
  const length = modulusBytes(key)
  if (choice.padding === rsaPadding.pkcs1) return applyPrivate(key, padSignature(bytes, length, false))
  if (choice.padding === rsaPadding.none) return applyPrivate(key, withoutPadding(bytes, length))
  throw unsupportedPadding()
}

function decryptPublic(key: RsaKey, bytes: Uint8Array, choice: PaddingChoice): Uint8Array {
  const length = modulusBytes(key)
  if (bytes.length > length) throw opensslError('rsa', 108, 'data greater than mod len')
  const plain = applyPublic(key, concatBytes(new Uint8Array(length - bytes.length), bytes))
  if (choice.padding === rsaPadding.pkcs1) return unpadSignature(plain)
  if (choice.padding === rsaPadding.none) return plain
  throw unsupportedPadding()
}
