import { ed448 } from '@noble/curves/ed448.js'
import { ed25519 } from '@noble/curves/ed25519.js'
import {
  bigintToBytes,
  bytesToBigint,
  DerError,
  readDer,
  readInteger,
  readSequence,
  writeInteger,
  writeSequence,
} from '../asn1'
import { bitLength, byteLength } from '../bigint-math'
import { type Digest, findDigest, hashBytes } from '../digests'
import { opensslError } from '../errors'
import { type AsymmetricKey, type DsaKey, type EcKey, ecSecretBytes, type OkpKey, type RsaKey } from '../key/key-data'
import { applyPrivate, applyPublic, modulusBytes } from '../rsa'
import { rsaPadding, unsupportedOperation, unsupportedPadding } from '../rsa-cipher'
import { digestInfo, isPssRight, maxPssSaltLength, padPss, padSignature } from '../rsa-padding'
import { concatBytes, equalBytes } from '../support'
import { isDsaRight, type NumberPair, signDsa } from './dsa'

/** `kSigEncDER` and `kSigEncP1363`. */
export const signatureEncoding = { der: 0, p1363: 1 } as const

/** `RSA_PSS_SALTLEN_DIGEST` and its siblings. */
const saltLengthChoice = { digest: -1, maxOrAny: -2 } as const

export interface SignatureOptions {
  /** Undefined for the key's own: none with Ed25519 and Ed448, else SHA-256. */
  readonly digest: Digest | undefined
  readonly padding?: number | undefined
  readonly saltLength?: number | undefined
  readonly encoding?: number | undefined
}

/** What has been hashed already, or is to be hashed. */
export type Message = { readonly hash: Uint8Array } | { readonly data: Uint8Array }

const defaultDigest = findDigest('sha256') as Digest

function hashOf(message: Message, digest: Digest): Uint8Array {
  return 'hash' in message ? message.hash : hashBytes(digest, message.data)
}

export function signMessage(key: AsymmetricKey, message: Message, options: SignatureOptions): Uint8Array {
  const digest = options.digest ?? defaultDigest
  switch (key.kind) {
    case 'rsa':
    case 'rsa-pss':
      return signRsa(key, hashOf(message, digest), { ...options, digest })
    case 'ec':
      return signEc(key, hashOf(message, digest), options)
    case 'dsa':
      return writePair(signDsa(key, hashOf(message, digest)), byteLength(key.q), options)
    case 'ed25519':
    case 'ed448':
      return edwards(key, options).sign(wholeData(message), key.secret as Uint8Array)
    default:
      throw unsupportedOperation()
  }
}

interface Claim {
  readonly message: Message
  readonly signature: Uint8Array
}

/** False for whatever is not this key's signature, a malformed one included. */
export function isSignatureRight(
  key: AsymmetricKey,
  { message, signature }: Claim,
  options: SignatureOptions,
): boolean {
  const digest = options.digest ?? defaultDigest
  switch (key.kind) {
    case 'rsa':
    case 'rsa-pss':
      return isRsaRight(key, { hash: hashOf(message, digest), signature }, { ...options, digest })
    case 'ec':
      return isEcRight(key, { hash: hashOf(message, digest), signature }, options)
    case 'dsa': {
      const pair = readPair(signature, byteLength(key.q), options)
      return pair !== undefined && isDsaRight(key as DsaKey, hashOf(message, digest), pair)
    }
    case 'ed25519':
    case 'ed448':
      return isEdwardsRight(key, wholeData(message), signature, options)
    default:
      throw unsupportedOperation()
  }
}

interface HashedClaim {
  readonly hash: Uint8Array
  readonly signature: Uint8Array
}

type RsaOptions = SignatureOptions & { readonly digest: Digest }

function rsaPaddingOf(key: RsaKey, { padding }: SignatureOptions): number {
  const chosen = padding ?? (key.kind === 'rsa-pss' ? rsaPadding.pss : rsaPadding.pkcs1)
  const isKnown = chosen === rsaPadding.pkcs1 || chosen === rsaPadding.pss || chosen === rsaPadding.none
  if (!isKnown || (key.kind === 'rsa-pss' && chosen !== rsaPadding.pss)) throw unsupportedPadding()
  return chosen
}

function signRsa(key: RsaKey, hash: Uint8Array, options: RsaOptions): Uint8Array {
  const padding = rsaPaddingOf(key, options)
  if (padding !== rsaPadding.pss) {
    return applyPrivate(key, padSignature(digestInfo(options.digest, hash), modulusBytes(key), true))
  }
  const pss = pssOptions(key, options)
  const bits = bitLength(key.n) - 1
  const padded = padPss(hash, bits, { ...pss, saltLength: pss.saltLength ?? maxPssSaltLength(pss.digest, bits) })
  return applyPrivate(key, concatBytes(new Uint8Array(modulusBytes(key) - padded.length), padded))
}

function isRsaRight(key: RsaKey, { hash, signature }: HashedClaim, options: RsaOptions): boolean {
  const padding = rsaPaddingOf(key, options)
  const length = modulusBytes(key)
  if (signature.length !== length || bytesToBigint(signature) >= key.n) return false
  const plain = applyPublic(key, signature)
  if (padding === rsaPadding.pss) return isPssRight(plain, hash, bitLength(key.n) - 1, pssOptions(key, options))
  return equalBytes(plain, padSignature(digestInfo(options.digest, hash), length, true))
}

/** The choices of the caller within the limits of the key; an undefined length is any, or the longest. */
function pssOptions(key: RsaKey, { digest, saltLength }: RsaOptions) {
  const limits = key.pss
  const mgfDigest = limits ? (findDigest(limits.mgfHash) ?? digest) : digest
  const chosen = saltLength ?? (limits ? limits.saltLength : saltLengthChoice.maxOrAny)
  const length = chosen === saltLengthChoice.digest ? digest.outputLength : chosen
  const isAny = chosen === saltLengthChoice.maxOrAny
  if (limits && !isAny && length < limits.saltLength) throw opensslError('provider', 172, 'pss saltlen too small')
  if (limits && limits.hash !== digest.name) throw opensslError('provider', 174, 'digest not allowed')
  if (isAny) return { digest, mgfDigest, saltLength: undefined }
  return { digest, mgfDigest, saltLength: length }
}

function signEc(key: EcKey, hash: Uint8Array, { encoding }: SignatureOptions): Uint8Array {
  const format = encoding === signatureEncoding.p1363 ? 'compact' : 'der'
  return key.curve.math.sign(hash, ecSecretBytes(key), { prehash: false, lowS: false, format })
}

function isEcRight({ curve, publicKey }: EcKey, { hash, signature }: HashedClaim, options: SignatureOptions): boolean {
  const pair = readPair(signature, curve.orderBytes, options)
  if (!pair || pair.r <= 0n || pair.s <= 0n || pair.r >= curve.order || pair.s >= curve.order) return false
  const compact = concatBytes(bigintToBytes(pair.r, curve.orderBytes), bigintToBytes(pair.s, curve.orderBytes))
  return curve.math.verify(compact, hash, publicKey, { prehash: false, lowS: false, format: 'compact' })
}

function writePair({ r, s }: NumberPair, length: number, { encoding }: SignatureOptions): Uint8Array {
  if (encoding === signatureEncoding.p1363) return concatBytes(bigintToBytes(r, length), bigintToBytes(s, length))
  return writeSequence(writeInteger(r), writeInteger(s))
}

function readPair(bytes: Uint8Array, length: number, { encoding }: SignatureOptions): NumberPair | undefined {
  if (encoding === signatureEncoding.p1363) {
    if (bytes.length !== 2 * length) return undefined
    return { r: bytesToBigint(bytes.subarray(0, length)), s: bytesToBigint(bytes.subarray(length)) }
  }
  try {
    const node = readDer(bytes)
    const [r, s, ...rest] = readSequence(node)
    if (rest.length > 0 || node.whole.length !== bytes.length) return undefined
    return { r: readInteger(r), s: readInteger(s) }
  } catch (error) {
    if (error instanceof DerError) return undefined
    throw error
  }
}

function edwards(key: OkpKey, { digest }: SignatureOptions) {
  if (digest) throw opensslError('provider', 122, 'invalid digest')
  return key.kind === 'ed25519' ? ed25519 : ed448
}

function wholeData(message: Message): Uint8Array {
  if ('hash' in message) throw unsupportedOperation()
  return message.data
}

function isEdwardsRight(key: OkpKey, data: Uint8Array, signature: Uint8Array, options: SignatureOptions): boolean {
  const curve = edwards(key, options)
  if (signature.length !== curve.lengths.signature) return false
  // RFC 8032's own equation, as OpenSSL checks it, without the leniency of ZIP 215.
  return curve.verify(signature, data, key.publicKey, { zip215: false })
}
