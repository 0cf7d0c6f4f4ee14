import {
  type DerNode,
  derTag,
  expectTag,
  readInteger,
  readOid,
  readSequence,
  writeInteger,
  writeNull,
  writeOctets,
  writeOid,
  writeSequence,
} from '../asn1'
import { type CipherSpec, findCipher } from '../cipher/cipher-table'
import { type Digest, findDigest, hashBytes } from '../digests'
import { nodeError, opensslError, unsupportedKey } from '../errors'
import { derivePbkdf2 } from '../kdf'
import type { PemBlock } from '../pem'
import { concatBytes, fillRandom } from '../support'
import { cipherOids, hmacOids, keyOid } from './algorithm-ids'

/** OpenSSL's own numbers for keys that it encrypts. */
const writtenIterations = 2048
const writtenSaltBytes = 16
const writtenHmacOid = '1.2.840.113549.2.9'
const legacySaltBytes = 8

export interface KeyProtection {
  readonly cipher: string
  readonly passphrase: Uint8Array
}

/** OpenSSL asks for the passphrase of PEM, and Node cancels; of DER it only says that one is needed. */
export const passphraseCancelled = () => opensslError('crypto', 0x80109, 'interrupted or cancelled')
export const passphraseMissing = () =>
  nodeError('ERR_MISSING_PASSPHRASE', 'Passphrase required for encrypted key', TypeError)

function requireCipher(name: string): CipherSpec & { start: NonNullable<CipherSpec['start']> } {
  const spec = findCipher(name)
  if (!spec?.start || (spec.mode !== 'cbc' && spec.mode !== 'ecb'))
    throw nodeError('ERR_CRYPTO_UNKNOWN_CIPHER', 'Unknown cipher')
  return { ...spec, start: spec.start }
}

interface CipherCall {
  readonly cipher: string
  readonly key: Uint8Array
  readonly iv: Uint8Array
  readonly isEncrypting: boolean
}

function runCipher({ cipher, key, iv, isEncrypting }: CipherCall, bytes: Uint8Array): Uint8Array {
  const running = requireCipher(cipher).start({ key, iv, isEncrypting })
  return concatBytes(running.update(bytes), running.final())
}

/** EncryptedPrivateKeyInfo (RFC 5958) in the scheme PBES2. */
export function decryptPkcs8(node: DerNode, passphrase: Uint8Array): Uint8Array {
  const [algorithm, data] = readSequence(node)
  const [scheme, parameters] = readSequence(algorithm)
  if (readOid(scheme) !== keyOid.pbes2) throw unsupportedKey()
  const [derivation, encryption] = readSequence(parameters)
  const [, derivationParameters] = readSequence(derivation)
  const [salt, iterations, ...rest] = readSequence(derivationParameters)
  const hmac = rest.find(({ tag }) => tag === derTag.sequence)
  const [cipherOid, iv] = readSequence(encryption)
  const cipher = cipherOids[readOid(cipherOid)]
  const digest = findDigest(hmac ? (hmacOids[readOid(readSequence(hmac)[0])] ?? '') : 'sha1')
  if (!cipher || !digest) throw unsupportedKey()
  const key = derivePbkdf2(digest, passphrase, {
    salt: expectTag(salt, derTag.octetString).contents,
    iterations: Number(readInteger(iterations)),
    length: requireCipher(cipher).keyLength,
  })
  const call = {
    cipher,
    key,
    iv: iv?.tag === derTag.octetString ? iv.contents : new Uint8Array(0),
    isEncrypting: false,
  }
  return runCipher(call, expectTag(data, derTag.octetString).contents)
}

export function encryptPkcs8(pkcs8: Uint8Array, { cipher, passphrase }: KeyProtection): Uint8Array {
  const spec = requireCipher(cipher)
  const cipherOid = Object.keys(cipherOids).find((oid) => cipherOids[oid] === spec.name)
  if (!cipherOid) throw nodeError('ERR_CRYPTO_UNKNOWN_CIPHER', 'Unknown cipher')
  const salt = fillRandom(new Uint8Array(writtenSaltBytes))
  const iv = fillRandom(new Uint8Array(spec.ivLength))
  const digest = findDigest('sha256') as Digest
  const key = derivePbkdf2(digest, passphrase, { salt, iterations: writtenIterations, length: spec.keyLength })
  const derivation = writeSequence(
    writeOid(keyOid.pbkdf2),
    writeSequence(
      writeOctets(salt),
      writeInteger(writtenIterations),
      writeSequence(writeOid(writtenHmacOid), writeNull()),
    ),
  )
  const encryption = writeSequence(writeOid(cipherOid), spec.ivLength === 0 ? writeNull() : writeOctets(iv))
  return writeSequence(
    writeSequence(writeOid(keyOid.pbes2), writeSequence(derivation, encryption)),
    writeOctets(runCipher({ cipher, key, iv, isEncrypting: true }, pkcs8)),
  )
}

/** The encryption of PEM blocks that OpenSSL had before PKCS#8: a key from one round of MD5 and more. */
function legacyKey(passphrase: Uint8Array, iv: Uint8Array, length: number): Uint8Array {
  const digest = findDigest('md5') as Digest
  let [key, last] = [new Uint8Array(0), new Uint8Array(0)] as [Uint8Array, Uint8Array]
  while (key.length < length) {
    last = hashBytes(digest, last, passphrase, iv.subarray(0, legacySaltBytes))
    key = concatBytes(key, last)
  }
  return key.subarray(0, length)
}

/** The bytes of a PEM block whose headers say that it is encrypted. */
export function decryptLegacyPem(block: PemBlock, passphrase: Uint8Array | undefined): Uint8Array {
  const [cipher = '', hex = ''] = (block.headers.get('DEK-Info') ?? '').split(',')
  if (cipher === '') return block.bytes
  if (!passphrase) throw passphraseCancelled()
  const iv = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
  const key = legacyKey(passphrase, iv, requireCipher(cipher).keyLength)
  return runCipher({ cipher, key, iv, isEncrypting: false }, block.bytes)
}

/** What `writePem` needs to write a block that way. */
export function encryptLegacyPem(bytes: Uint8Array, { cipher, passphrase }: KeyProtection) {
  const spec = requireCipher(cipher)
  const iv = fillRandom(new Uint8Array(spec.ivLength))
  const key = legacyKey(passphrase, iv, spec.keyLength)
  const hex = Array.from(iv, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return {
    bytes: runCipher({ cipher, key, iv, isEncrypting: true }, bytes),
    headers: ['Proc-Type: 4,ENCRYPTED', `DEK-Info: ${spec.name.toUpperCase()},${hex.toUpperCase()}`],
  }
}
