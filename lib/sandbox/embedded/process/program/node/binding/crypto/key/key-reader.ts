import {
  bytesToBigint,
  DerError,
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
import { modPow } from '../bigint-math'
import { digestOfOid, keyOid } from './algorithm-ids'
import { type EcCurve, ecCurves, okpCurves } from './curves'
import { type AsymmetricKey, ecPublicKey, type PssLimits, type RsaKey, readPoint } from './key-data'

/** Keys out of DER. Everything here throws `DerError` for what is not such a key. */

const defaultPss = { hash: 'sha1', mgfHash: 'sha1', saltLength: 20 }

/** SubjectPublicKeyInfo (RFC 5280). */
export function readSpki(node: DerNode): AsymmetricKey {
  const [algorithm, bits] = readSequence(node)
  const [oidNode, parameters] = readSequence(algorithm)
  const oid = readOid(oidNode)
  const bytes = readBitString(bits)
  const okp = okpCurves.find((curve) => curve.oid === oid)
  if (okp) {
    if (bytes.length !== okp.keyBytes) throw new DerError('A key of the wrong length')
    return { kind: okp.kind, publicKey: bytes.slice() }
  }
  switch (oid) {
    case keyOid.rsa:
    case keyOid.rsaPss:
      return { ...readPkcs1Public(readDer(bytes)), ...rsaKind(oid, parameters) }
    case keyOid.ec:
      return readEcPublic(parameters, bytes)
    case keyOid.dsa:
      return { kind: 'dsa', ...readDsaParameters(parameters), y: readInteger(readDer(bytes)) }
    case keyOid.dh:
      return { kind: 'dh', ...readDhParameters(parameters), y: readInteger(readDer(bytes)) }
    default:
      throw new DerError(`No key type has the identifier ${oid}`)
  }
}

/** RSAPublicKey (RFC 8017). */
export function readPkcs1Public(node: DerNode): RsaKey {
  const [n, e] = readSequence(node)
  return { kind: 'rsa', n: readInteger(n), e: readInteger(e) }
}

/** RSAPrivateKey (RFC 8017). */
export function readPkcs1Private(node: DerNode): RsaKey {
  const [, n, e, d, p, q, dp, dq, qi] = readSequence(node).map((part) => readInteger(part))
  if (n === undefined || e === undefined || d === undefined || p === undefined || q === undefined) {
    throw new DerError('An RSA key with missing numbers')
  }
  if (dp === undefined || dq === undefined || qi === undefined) throw new DerError('An RSA key with missing numbers')
  return { kind: 'rsa', n, e, secret: { d, p, q, dp, dq, qi } }
}

/** PrivateKeyInfo (RFC 5958). */
export function readPkcs8(node: DerNode): AsymmetricKey {
  const [version, algorithm, wrapped] = readSequence(node)
  readInteger(version)
  const [oidNode, parameters] = readSequence(algorithm)
  const oid = readOid(oidNode)
  const inner = readDer(expectTag(wrapped, derTag.octetString).contents)
  const okp = okpCurves.find((curve) => curve.oid === oid)
  if (okp) {
    const secret = expectTag(inner, derTag.octetString).contents.slice()
    if (secret.length !== okp.keyBytes) throw new DerError('A key of the wrong length')
    return { kind: okp.kind, publicKey: okp.getPublicKey(secret), secret }
  }
  switch (oid) {
    case keyOid.rsa:
    case keyOid.rsaPss:
      return { ...readPkcs1Private(inner), ...rsaKind(oid, parameters) }
    case keyOid.ec:
      return readSec1(inner, parameters)
    case keyOid.dsa: {
      const shared = readDsaParameters(parameters)
      const secret = readInteger(inner)
      return { kind: 'dsa', ...shared, y: modPow(shared.g, secret, shared.p), secret }
    }
    case keyOid.dh: {
      const shared = readDhParameters(parameters)
      const secret = readInteger(inner)
      return { kind: 'dh', ...shared, y: modPow(shared.g, secret, shared.p), secret }
    }
    default:
      throw new DerError(`No key type has the identifier ${oid}`)
  }
}

/** ECPrivateKey (RFC 5915); within PKCS#8 the curve is named outside of it. */
export function readSec1(node: DerNode, outerParameters?: DerNode): AsymmetricKey {
  const parts = readSequence(node)
  const inside = findTagged(parts, 0)
  const parameters = outerParameters ?? (inside && readDer(inside.contents))
  const { curve, isExplicit } = readEcParameters(parameters)
  const secret = bytesToBigint(expectTag(parts[1], derTag.octetString).contents)
  const publicKey = ecPublicKey(curve, secret)
  if (!publicKey) throw new DerError('A secret number out of range')
  return { kind: 'ec', curve, publicKey, secret, isExplicit }
}

/** DSAPrivateKey as OpenSSL writes it by itself. */
export function readTraditionalDsa(node: DerNode): AsymmetricKey {
  const [, p, q, g, y, x] = readSequence(node).map((part) => readInteger(part))
  if (p === undefined || q === undefined || g === undefined || y === undefined || x === undefined) {
    throw new DerError('A DSA key with missing numbers')
  }
  return { kind: 'dsa', p, q, g, y, secret: x }
}

function readEcPublic(parameters: DerNode | undefined, bytes: Uint8Array): AsymmetricKey {
  const { curve, isExplicit } = readEcParameters(parameters)
  const publicKey = readPoint(curve, bytes)
  if (!publicKey) throw new DerError('A point that is not on its curve')
  return { kind: 'ec', curve, publicKey, isExplicit }
}

/** A curve by name, or by parameters that are those of a curve with a name. */
function readEcParameters(node: DerNode | undefined): { curve: EcCurve; isExplicit: boolean } {
  if (node?.tag === derTag.oid) {
    const oid = readOid(node)
    const curve = ecCurves.find((each) => each.oid === oid)
    if (!curve) throw new DerError(`No curve has the identifier ${oid}`)
    return { curve, isExplicit: false }
  }
  const [, field, , , order] = readSequence(node)
  const prime = readInteger(readSequence(field)[1])
  const curve = ecCurves.find((each) => each.math.Point.Fp.ORDER === prime && each.order === readInteger(order))
  if (!curve) throw new DerError('Parameters of a curve without a name')
  return { curve, isExplicit: true }
}

function readDsaParameters(node: DerNode | undefined) {
  const [p, q, g] = readSequence(node)
  return { p: readInteger(p), q: readInteger(q), g: readInteger(g) }
}

function readDhParameters(node: DerNode | undefined) {
  const [p, g] = readSequence(node)
  return { p: readInteger(p), g: readInteger(g) }
}

function rsaKind(oid: string, parameters: DerNode | undefined): Pick<RsaKey, 'kind' | 'pss'> {
  if (oid === keyOid.rsa) return { kind: 'rsa' }
  return { kind: 'rsa-pss', pss: readPssLimits(parameters) }
}

/** RSASSA-PSS-params (RFC 8017); left out altogether by keys that may be used with any. */
export function readPssLimits(node: DerNode | undefined): PssLimits | undefined {
  if (node?.tag !== derTag.sequence) return undefined
  const parts = readSequence(node)
  const hash = findTagged(parts, 0)
  const mask = findTagged(parts, 1)
  const salt = findTagged(parts, 2)
  const digestIn = (algorithm: DerNode | undefined) => digestOfOid(readOid(readSequence(algorithm)[0]))
  return {
    hash: (hash && digestIn(readDer(hash.contents))) ?? defaultPss.hash,
    mgfHash: (mask && digestIn(readSequence(readDer(mask.contents))[1])) ?? defaultPss.mgfHash,
    saltLength: salt ? Number(readInteger(readDer(salt.contents))) : defaultPss.saltLength,
  }
}
