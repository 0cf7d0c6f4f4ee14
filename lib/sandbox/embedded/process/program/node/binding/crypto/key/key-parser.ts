import { toLatin1 } from '@/lib/base'
import { DerError, type DerNode, derTag, readDer, readSequence } from '../asn1'
import { opensslError, unsupportedKey } from '../errors'
import { asymmetricKey, KeyHandle } from '../key-handle'
import { type PemBlock, readPem } from '../pem'
import { type ByteSource, toBytes } from '../support'
import { readCertificateKey } from '../x509/certificate'
import type { AsymmetricKey } from './key-data'
import { decryptLegacyPem, decryptPkcs8, passphraseCancelled, passphraseMissing } from './key-encryption'
import { readPkcs1Private, readPkcs1Public, readPkcs8, readSec1, readSpki, readTraditionalDsa } from './key-reader'

/** `kKeyFormatDER` and its siblings. */
export const keyFormat = { der: 0, pem: 1, jwk: 2 } as const
/** `kKeyEncodingPKCS1` and its siblings. */
export const keyEncoding = { pkcs1: 0, pkcs8: 1, spki: 2, sec1: 3 } as const

/** A key as `prepareAsymmetricKey` hands it on. */
export interface KeyInput {
  readonly data: KeyHandle | ByteSource
  readonly format?: number | string | undefined
  readonly type?: number | undefined
  readonly passphrase?: ByteSource | undefined
}

const wrongTag = () => opensslError('asn1', 168, 'wrong tag')

export function parsePrivateKey(input: KeyInput): AsymmetricKey {
  if (input.data instanceof KeyHandle) return asymmetricKey(input.data)
  const passphrase = input.passphrase && toBytes(input.passphrase)
  const bytes = toBytes(input.data)
  if (input.format === keyFormat.der)
    return orElse(input.type === keyEncoding.pkcs8 ? wrongTag : unsupportedKey, () =>
      readPrivateDer(readDer(bytes), input.type, passphrase),
    )
  const block = findBlock(bytes)
  if (!block) throw unsupportedKey()
  return orElse(unsupportedKey, () => readPrivateBlock(block, passphrase))
}

/** A public key, or a private key of which the public part will be used. */
export function parsePublicOrPrivateKey(input: KeyInput): AsymmetricKey {
  if (input.data instanceof KeyHandle) return asymmetricKey(input.data)
  const bytes = toBytes(input.data)
  if (input.format === keyFormat.der) return parsePublicDer(bytes, input)
  const block = findBlock(bytes)
  if (!block) throw unsupportedKey()
  switch (block.label) {
    case 'PUBLIC KEY':
      return orElse(unsupportedKey, () => readSpki(readDer(block.bytes)))
    case 'RSA PUBLIC KEY':
      return orElse(unsupportedKey, () => readPkcs1Public(readDer(block.bytes)))
    case 'CERTIFICATE':
    case 'X509 CERTIFICATE':
    case 'TRUSTED CERTIFICATE':
      return orElse(unsupportedKey, () => readCertificateKey(readDer(block.bytes)))
    default:
      return parsePrivateKey(input)
  }
}

function parsePublicDer(bytes: Uint8Array, input: KeyInput): AsymmetricKey {
  const isPublicType = input.type === keyEncoding.spki || input.type === keyEncoding.pkcs1
  if (!isPublicType) return parsePrivateKey(input)
  const node = orElse(readFailure, () => readDer(bytes))
  if (input.type === keyEncoding.spki) return orElse(readFailure, () => readSpki(node))
  // PKCS#1 names both a public and a private form; the private one starts with a version.
  return orElse(readFailure, () => (readSequence(node).length > 2 ? readPkcs1Private(node) : readPkcs1Public(node)))
}

const readFailure = () => new Error('Failed to read asymmetric key')

function readPrivateBlock(block: PemBlock, passphrase: Uint8Array | undefined): AsymmetricKey {
  const node = () => readDer(decryptLegacyPem(block, passphrase))
  switch (block.label) {
    case 'PRIVATE KEY':
      return readPkcs8(node())
    case 'ENCRYPTED PRIVATE KEY':
      if (!passphrase) throw passphraseCancelled()
      return readEncrypted(readDer(block.bytes), passphrase)
    case 'RSA PRIVATE KEY':
      return readPkcs1Private(node())
    case 'EC PRIVATE KEY':
      return readSec1(node())
    case 'DSA PRIVATE KEY':
      return readTraditionalDsa(node())
    default:
      throw unsupportedKey()
  }
}

function readPrivateDer(node: DerNode, type: number | undefined, passphrase?: Uint8Array): AsymmetricKey {
  if (type === keyEncoding.pkcs1) return readPkcs1Private(node)
  if (type === keyEncoding.sec1) return readSec1(node)
  const isEncrypted = readSequence(node)[0]?.tag === derTag.sequence
  return isEncrypted ? readEncrypted(node, passphrase) : readPkcs8(node)
}

function readEncrypted(node: DerNode, passphrase: Uint8Array | undefined): AsymmetricKey {
  if (!passphrase) throw passphraseMissing()
  const decrypted = decryptPkcs8(node, passphrase)
  // A wrong passphrase may leave padding that looks right by chance, and then no key.
  return orElse(
    () => opensslError('provider', 100, 'bad decrypt'),
    () => readPkcs8(readDer(decrypted)),
  )
}

/** The first block that can be a key: a file may hold parameters before it. */
function findBlock(bytes: Uint8Array): PemBlock | undefined {
  let text = toLatin1(bytes)
  for (;;) {
    const block = readPem(text)
    if (!block?.label.endsWith('PARAMETERS')) return block
    text = text.slice(text.indexOf(`-----END ${block.label}-----`) + block.label.length)
  }
}

function orElse<T>(failure: () => Error, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof DerError ? failure() : error
  }
}
