import { DerError, type DerNode, findTagged, readOid, readSequence } from '../asn1'
import { bitLength } from '../bigint-math'
import { findDigest, hashBytes } from '../digests'
import { nodeError, opensslError } from '../errors'
import { type KeyData, publicPart } from '../key/key-data'
import { writeSpki } from '../key/key-writer'
import { asymmetricKey, type KeyHandle } from '../key-handle'
import { readPem, writePem } from '../pem'
import { rsaPadding } from '../rsa-cipher'
import { isSignatureRight } from '../sign/signature'
import { type ByteSource, type CryptoSupport, equalBytes, toBuffer, toBytes } from '../support'
import { type Certificate, readCertificate, signatureScheme } from './certificate'
import { type CertificateNames, matchAddress, matchEmail, matchHost } from './matching'
import { attributeName, generalNamesText, infoAccessText, isCa, nameLines, readGeneralNames } from './names'

const extensionOid = {
  alternativeName: '2.5.29.17',
  authorityKey: '2.5.29.35',
  basicConstraints: '2.5.29.19',
  extendedKeyUsage: '2.5.29.37',
  infoAccess: '1.3.6.1.5.5.7.1.1',
  keyUsage: '2.5.29.15',
  subjectKey: '2.5.29.14',
} as const

/** The bit of a key usage that lets a key sign certificates. */
const keyCertSign = 0x04

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** X.509 certificates: reading them, and checking one against names, keys and its issuer. */
export function createX509Binding(support: CryptoSupport, handleOf: (data: KeyData) => KeyHandle) {
  class X509Handle {
    readonly certificate: Certificate
    readonly #names: CertificateNames

    constructor(certificate: Certificate) {
      this.certificate = certificate
      const valuesOf = (name: string) =>
        certificate.subject.filter((attribute) => attributeName(attribute) === name).map(({ value }) => value)
      this.#names = {
        alternatives: readGeneralNames(this.#extension(extensionOid.alternativeName)),
        commonNames: valuesOf('CN'),
        emails: valuesOf('emailAddress'),
      }
    }

    subject = () => nameLines(this.certificate.subject) || undefined
    issuer = () => nameLines(this.certificate.issuer) || undefined
    validFrom = () => timeText(this.certificate.validFrom)
    validTo = () => timeText(this.certificate.validTo)
    validFromDate = () => this.certificate.validFrom
    validToDate = () => this.certificate.validTo
    fingerprint = () => this.#fingerprint('sha1')
    fingerprint256 = () => this.#fingerprint('sha256')
    fingerprint512 = () => this.#fingerprint('sha512')
    raw = () => toBuffer(support, this.certificate.raw.slice())
    pem = () => writePem('CERTIFICATE', this.certificate.raw)
    publicKey = () => handleOf(this.certificate.publicKey)
    checkCA = () => isCa(this.#extension(extensionOid.basicConstraints))
    /** Only a TLS connection knows the issuer's certificate. */
    getIssuerCert = () => undefined

    serialNumber(): string {
      const hex = this.certificate.serialNumber.toString(16).toUpperCase()
      return hex.padStart(hex.length + (hex.length % 2), '0')
    }

    subjectAltName(): string | undefined {
      const { alternatives } = this.#names
      return alternatives.length > 0 ? generalNamesText(alternatives) : undefined
    }

    infoAccess(): string | undefined {
      const extension = this.#extension(extensionOid.infoAccess)
      return extension && infoAccessText(extension)
    }

    keyUsage(): string[] | undefined {
      const extension = this.#extension(extensionOid.extendedKeyUsage)
      return extension && readSequence(extension).map((node) => readOid(node))
    }

    checkHost = (host: string, flags: number) => matchHost(this.#names, withoutNul(host), flags)
    checkEmail = (email: string, flags: number) => matchEmail(this.#names, withoutNul(email), flags)
    checkIP = (address: string) => matchAddress(this.#names, requireAddress(address))

    checkIssued(issuer: X509Handle): boolean {
      if (!equalBytes(this.certificate.issuerBytes, issuer.certificate.subjectBytes)) return false
      const named = this.#extension(extensionOid.authorityKey)
      const own = issuer.#extension(extensionOid.subjectKey)
      const wanted = named && findTagged(readSequence(named), 0)
      if (wanted && own && !equalBytes(wanted.contents, own.contents)) return false
      const usage = issuer.#extension(extensionOid.keyUsage)
      return usage === undefined || ((usage.contents[1] ?? 0) & keyCertSign) !== 0
    }

    checkPrivateKey(key: KeyHandle): boolean {
      return equalBytes(writeSpki(publicPart(asymmetricKey(key))), writeSpki(this.certificate.publicKey))
    }

    verify(key: KeyHandle): boolean {
      const { signedPart, signature } = this.certificate
      const { digest, isPss } = signatureScheme(this.certificate)
      const publicKey = asymmetricKey(key)
      if (signatureKind(this.certificate) !== publicKey.kind.replace('rsa-pss', 'rsa')) return false
      return isSignatureRight(
        publicKey,
        { message: { data: signedPart }, signature },
        { digest: digest === undefined ? undefined : findDigest(digest), padding: isPss ? rsaPadding.pss : undefined },
      )
    }

    toLegacy(): Record<string, unknown> {
      return {
        subject: legacyName(this.certificate.subject),
        issuer: legacyName(this.certificate.issuer),
        subjectaltname: this.subjectAltName(),
        infoAccess: this.infoAccess(),
        ca: this.checkCA(),
        ...this.#legacyKey(),
        valid_from: this.validFrom(),
        valid_to: this.validTo(),
        fingerprint: this.fingerprint(),
        fingerprint256: this.fingerprint256(),
        fingerprint512: this.fingerprint512(),
        ext_key_usage: this.keyUsage(),
        serialNumber: this.serialNumber(),
        raw: this.raw(),
      }
    }

    #legacyKey(): Record<string, unknown> {
      const { publicKey } = this.certificate
      if (publicKey.kind === 'rsa') {
        return {
          modulus: publicKey.n.toString(16).toUpperCase(),
          bits: bitLength(publicKey.n),
          exponent: `0x${publicKey.e.toString(16)}`,
          pubkey: toBuffer(support, writeSpki(publicKey)),
        }
      }
      if (publicKey.kind !== 'ec') return {}
      const { curve } = publicKey
      return {
        bits: bitLength(curve.order),
        pubkey: toBuffer(support, publicKey.publicKey.slice()),
        asn1Curve: curve.name,
        nistCurve: curve.nistName,
      }
    }

    #extension(oid: string): DerNode | undefined {
      return this.certificate.extensions.get(oid)
    }

    #fingerprint(name: string): string {
      const digest = findDigest(name)
      const hash = digest ? hashBytes(digest, this.certificate.raw) : new Uint8Array(0)
      return Array.from(hash, (byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(':')
    }
  }

  return {
    X509Handle,
    parseX509(source: ByteSource): X509Handle {
      const bytes = toBytes(source)
      try {
        return new X509Handle(readCertificate(certificateBytes(bytes)))
      } catch (error) {
        if (error instanceof DerError) throw opensslError('pem', 108, 'no start line')
        throw error
      }
    },
  }
}

const invalidValue = (what: string) => nodeError('ERR_INVALID_ARG_VALUE', `Invalid ${what}`, TypeError)

/** A NUL ends a name for whoever reads it as a C string. */
function withoutNul(name: string): string {
  if (name.includes('\0')) throw invalidValue('name')
  return name
}

function requireAddress(address: string): string {
  if (!/^(\d{1,3}(\.\d{1,3}){3}|[\da-f:]*:[\da-f:]*)$/i.test(address)) throw invalidValue('IP')
  return address
}

/** PEM, or DER as it is. */
function certificateBytes(bytes: Uint8Array): Uint8Array {
  const isText = bytes[0] !== 0x30
  const block = isText ? readPem(bytes.reduce((text, byte) => text + String.fromCharCode(byte), '')) : undefined
  return block ? block.bytes : bytes.slice()
}

function signatureKind({ signatureOid }: Certificate): string {
  if (signatureOid.startsWith('1.2.840.113549.1.1.')) return 'rsa'
  if (signatureOid.startsWith('1.2.840.10045.4.')) return 'ec'
  return signatureOid === '1.3.101.112' ? 'ed25519' : 'ed448'
}

/** As OpenSSL prints times: `Sep  3 21:40:37 2022 GMT`. */
function timeText(time: Date): string {
  const day = String(time.getUTCDate()).padStart(2, ' ')
  return `${months[time.getUTCMonth()]} ${day} ${time.toISOString().slice(11, 19)} ${time.getUTCFullYear()} GMT`
}

/** An object without a prototype; an attribute that comes more than once is a list. */
function legacyName(attributes: Certificate['subject']): object {
  const result: Record<string, string | string[]> = Object.create(null)
  for (const attribute of attributes) {
    const name = attributeName(attribute)
    const known = result[name]
    result[name] = known === undefined ? attribute.value : [known, attribute.value].flat()
  }
  return result
}
