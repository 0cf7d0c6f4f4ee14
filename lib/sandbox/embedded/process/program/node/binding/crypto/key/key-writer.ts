import {
  bigintToBytes,
  writeBits,
  writeInteger,
  writeNull,
  writeOctets,
  writeOid,
  writeSequence,
  writeTagged,
} from '../asn1'
import { keyOid, oidOfDigest } from './algorithm-ids'
import { type EcCurve, okpCurveOf } from './curves'
import { type AsymmetricKey, type DsaKey, type EcKey, ecSecretBytes, type PssLimits, type RsaKey } from './key-data'

/** Keys into DER, byte for byte as OpenSSL writes them. */

export function writeSpki(key: AsymmetricKey): Uint8Array {
  return writeSequence(writeAlgorithm(key), writeBits(publicBytes(key)))
}

export function writePkcs8(key: AsymmetricKey): Uint8Array {
  return writeSequence(writeInteger(0), writeAlgorithm(key), writeOctets(secretBytes(key)))
}

export function writePkcs1Public({ n, e }: RsaKey): Uint8Array {
  return writeSequence(writeInteger(n), writeInteger(e))
}

export function writePkcs1Private({ n, e, secret }: RsaKey): Uint8Array {
  if (!secret) throw new Error('The key has no secret part')
  const { d, p, q, dp, dq, qi } = secret
  return writeSequence(...[0n, n, e, d, p, q, dp, dq, qi].map(writeInteger))
}

export function writeSec1(key: EcKey, isInPkcs8 = false): Uint8Array {
  const parameters = isInPkcs8 ? [] : [writeTagged(0, ecParameters(key))]
  const publicKey = writeTagged(1, writeBits(key.publicKey))
  return writeSequence(writeInteger(1), writeOctets(ecSecretBytes(key)), ...parameters, publicKey)
}

function publicBytes(key: AsymmetricKey): Uint8Array {
  switch (key.kind) {
    case 'rsa':
    case 'rsa-pss':
      return writePkcs1Public(key)
    case 'dsa':
    case 'dh':
      return writeInteger(key.y)
    default:
      return key.publicKey
  }
}

function secretBytes(key: AsymmetricKey): Uint8Array {
  switch (key.kind) {
    case 'rsa':
    case 'rsa-pss':
      return writePkcs1Private(key)
    case 'ec':
      return writeSec1(key, true)
    case 'dsa':
    case 'dh':
      return writeInteger(key.secret ?? 0n)
    default:
      return writeOctets(key.secret ?? new Uint8Array(0))
  }
}

function writeAlgorithm(key: AsymmetricKey): Uint8Array {
  switch (key.kind) {
    case 'rsa':
      return writeSequence(writeOid(keyOid.rsa), writeNull())
    case 'rsa-pss':
      return writeSequence(writeOid(keyOid.rsaPss), ...(key.pss ? [writePssLimits(key.pss)] : []))
    case 'ec':
      return writeSequence(writeOid(keyOid.ec), ecParameters(key))
    case 'dsa':
      return writeSequence(writeOid(keyOid.dsa), writeDsaParameters(key))
    case 'dh':
      return writeSequence(writeOid(keyOid.dh), writeSequence(writeInteger(key.p), writeInteger(key.g)))
    default:
      return writeSequence(writeOid(okpCurveOf(key.kind).oid))
  }
}

function writeDsaParameters({ p, q, g }: DsaKey): Uint8Array {
  return writeSequence(writeInteger(p), writeInteger(q), writeInteger(g))
}

function ecParameters({ curve, isExplicit }: EcKey): Uint8Array {
  return isExplicit ? explicitParameters(curve) : writeOid(curve.oid)
}

function explicitParameters({ math, fieldBytes, order }: EcCurve): Uint8Array {
  const { Fp, BASE } = math.Point
  const { a, b } = math.Point.CURVE()
  return writeSequence(
    writeInteger(1),
    writeSequence(writeOid(keyOid.primeField), writeInteger(Fp.ORDER)),
    writeSequence(writeOctets(bigintToBytes(a, fieldBytes)), writeOctets(bigintToBytes(b, fieldBytes))),
    writeOctets(BASE.toBytes(false)),
    writeInteger(order),
    writeInteger(1),
  )
}

/** What is at its default is left out, as DER has it. */
function writePssLimits({ hash, mgfHash, saltLength }: PssLimits): Uint8Array {
  const algorithm = (name: string) => writeSequence(writeOid(oidOfDigest(name) ?? ''), writeNull())
  const parts: Uint8Array[] = []
  if (hash !== 'sha1') parts.push(writeTagged(0, algorithm(hash)))
  if (mgfHash !== 'sha1') parts.push(writeTagged(1, writeSequence(writeOid(keyOid.mgf1), algorithm(mgfHash))))
  if (saltLength !== 20) parts.push(writeTagged(2, writeInteger(saltLength)))
  return writeSequence(...parts)
}
