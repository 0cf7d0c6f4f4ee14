import {
  type DerNode,
  derTag,
  expectTag,
  findTagged,
  readBitString,
  readDer,
  readInteger,
  readOid,
  readSequence,
} from '../asn1'
import { digestOfOid } from '../key/algorithm-ids'
import type { AsymmetricKey } from '../key/key-data'
import { readPssLimits, readSpki } from '../key/key-reader'

/** One attribute of a distinguished name. */
export interface NameAttribute {
  readonly oid: string
  readonly value: string
}

export interface Certificate {
  readonly raw: Uint8Array
  /** What the issuer signed. */
  readonly signedPart: Uint8Array
  readonly signature: Uint8Array
  readonly signatureOid: string
  readonly signatureParameters: DerNode | undefined
  readonly serialNumber: bigint
  readonly issuer: NameAttribute[]
  readonly issuerBytes: Uint8Array
  readonly subject: NameAttribute[]
  readonly subjectBytes: Uint8Array
  readonly validFrom: Date
  readonly validTo: Date
  readonly publicKey: AsymmetricKey
  /** Extension values by identifier. */
  readonly extensions: ReadonlyMap<string, DerNode>
}

/** A certificate (RFC 5280); throws `DerError` for what is none. */
export function readCertificate(raw: Uint8Array): Certificate {
  const whole = readDer(raw)
  const [body, algorithm, signature] = readSequence(whole)
  const fields = readSequence(body)
  // The version comes first, unless it is the first version.
  const [serial, , issuer, validity, subject, key, ...rest] = fields[0]?.tag === 0xa0 ? fields.slice(1) : fields
  const [from, to] = readSequence(validity)
  const [signatureOid, signatureParameters] = readSequence(algorithm)
  return {
    raw: whole.whole,
    signedPart: expectTag(body, derTag.sequence).whole,
    signature: readBitString(signature),
    signatureOid: readOid(signatureOid),
    signatureParameters,
    serialNumber: readInteger(serial),
    issuer: readName(issuer),
    issuerBytes: expectTag(issuer, derTag.sequence).whole,
    subject: readName(subject),
    subjectBytes: expectTag(subject, derTag.sequence).whole,
    validFrom: readTime(from),
    validTo: readTime(to),
    publicKey: readSpki(expectTag(key, derTag.sequence)),
    extensions: readExtensions(findTagged(rest, 3)),
  }
}

/** The public key of a certificate. */
export function readCertificateKey(node: DerNode): AsymmetricKey {
  return readCertificate(node.whole).publicKey
}

export function readName(node: DerNode | undefined): NameAttribute[] {
  return readSequence(node).flatMap((set) =>
    readSequence({ ...expectTag(set, derTag.set), tag: derTag.sequence }).map((attribute) => {
      const [oid, value] = readSequence(attribute)
      return { oid: readOid(oid), value: value ? readText(value) : '' }
    }),
  )
}

/** Any of the string types, by the width of its characters. */
export function readText({ tag, contents }: DerNode): string {
  if (tag === derTag.bmpString) return wideText(contents, 2)
  if (tag === derTag.universalString) return wideText(contents, 4)
  if (tag === derTag.utf8String) return decodeURIComponent(percentEncode(contents))
  return wideText(contents, 1)
}

function wideText(bytes: Uint8Array, width: number): string {
  let text = ''
  for (let at = 0; at + width <= bytes.length; at += width) {
    text += String.fromCodePoint(bytes.subarray(at, at + width).reduce((value, byte) => value * 256 + byte, 0))
  }
  return text
}

function percentEncode(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
}

/** UTCTime counts years from 1950 to 2049. */
function readTime(node: DerNode | undefined): Date {
  const text = node ? wideText(node.contents, 1) : ''
  const isLong = node?.tag === derTag.generalizedTime
  const year = Number(text.slice(0, isLong ? 4 : 2))
  const full = isLong ? year : year + (year < 50 ? 2000 : 1900)
  const [month, day, hour, minute, second] = (text.slice(isLong ? 4 : 2).match(/\d\d/g) ?? []).map(Number)
  return new Date(Date.UTC(full, (month ?? 1) - 1, day, hour, minute, second ?? 0))
}

function readExtensions(node: DerNode | undefined): ReadonlyMap<string, DerNode> {
  if (!node) return new Map()
  return new Map(
    readSequence(readDer(node.contents)).map((extension) => {
      const parts = readSequence(extension)
      return [readOid(parts[0]), readDer(expectTag(parts.at(-1), derTag.octetString).contents)]
    }),
  )
}

const rsaSignatures: Record<string, string> = {
  '1.2.840.113549.1.1.4': 'md5',
  '1.2.840.113549.1.1.5': 'sha1',
  '1.2.840.113549.1.1.14': 'sha224',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
}
const ecdsaSignatures: Record<string, string> = {
  '1.2.840.10045.4.1': 'sha1',
  '1.2.840.10045.4.3.1': 'sha224',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
}
const pssSignature = '1.2.840.113549.1.1.10'

/** How a certificate was signed; `digest` is undefined for schemes that hash by themselves. */
export function signatureScheme({ signatureOid, signatureParameters }: Certificate): {
  digest: string | undefined
  isPss: boolean
} {
  if (signatureOid === pssSignature) return { digest: readPssLimits(signatureParameters)?.hash ?? 'sha1', isPss: true }
  const digest = rsaSignatures[signatureOid] ?? ecdsaSignatures[signatureOid] ?? digestOfOid(signatureOid)
  return { digest, isPss: false }
}
