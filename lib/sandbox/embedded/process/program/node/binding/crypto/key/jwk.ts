import { toBase64Url } from '@/lib/base'
import { bigintToBytes, bytesToBigint } from '../asn1'
import { nodeError } from '../errors'
import { fromBase64 } from '../pem'
import { concatBytes } from '../support'
import { findCurve, okpCurveOf } from './curves'
import {
  type AsymmetricKey,
  type EcKey,
  ecCoordinates,
  ecSecretBytes,
  type KeyData,
  type OkpKey,
  type RsaKey,
  readPoint,
} from './key-data'

/** JSON Web Keys (RFC 7517). */
export type Jwk = Record<string, unknown>

const invalidJwk = (message: string) => nodeError('ERR_CRYPTO_INVALID_JWK', message, TypeError)

/** `mayBePss`: Web Crypto exports keys of RSA-PSS too, Node's own interface does not. */
export function writeJwk(key: KeyData, mayBePss: boolean): Jwk {
  switch (key.kind) {
    case 'secret':
      return { kty: 'oct', k: toBase64Url(key.bytes) }
    case 'rsa':
      return writeRsa(key)
    case 'rsa-pss':
      if (mayBePss) return writeRsa(key)
      break
    case 'ec':
      return writeEc(key)
    case 'ed25519':
    case 'ed448':
    case 'x25519':
    case 'x448':
      return writeOkp(key)
    default:
  }
  throw nodeError('ERR_CRYPTO_JWK_UNSUPPORTED_KEY_TYPE', 'Unsupported JWK Key Type.')
}

function writeRsa({ n, e, secret }: RsaKey): Jwk {
  const jwk: Jwk = { kty: 'RSA', n: writeNumber(n), e: writeNumber(e) }
  if (!secret) return jwk
  for (const name of ['d', 'p', 'q', 'dp', 'dq', 'qi'] as const) jwk[name] = writeNumber(secret[name])
  return jwk
}

function writeEc(key: EcKey): Jwk {
  const { jwkName, name } = key.curve
  if (!jwkName) throw nodeError('ERR_CRYPTO_JWK_UNSUPPORTED_CURVE', `Unsupported JWK EC curve: ${name}.`)
  const { x, y } = ecCoordinates(key)
  const jwk: Jwk = { kty: 'EC', x: toBase64Url(x), y: toBase64Url(y), crv: jwkName }
  if (key.secret !== undefined) jwk.d = toBase64Url(ecSecretBytes(key))
  return jwk
}

function writeOkp({ kind, publicKey, secret }: OkpKey): Jwk {
  const jwk: Jwk = { crv: okpCurveOf(kind).jwkName, x: toBase64Url(publicKey), kty: 'OKP' }
  if (secret) jwk.d = toBase64Url(secret)
  return jwk
}

function writeNumber(value: bigint): string {
  return toBase64Url(bigintToBytes(value))
}

/** Undefined for a `kty` that is not known here. */
export function readJwk(jwk: Jwk, curveName: string | undefined): KeyData | undefined {
  switch (jwk.kty) {
    case 'oct':
      return { kind: 'secret', bytes: readBytes(jwk.k, 'Invalid JWK secret key format') }
    case 'RSA':
      return readRsa(jwk)
    case 'EC':
      return readEc(jwk, curveName)
    default:
      return undefined
  }
}

function readRsa(jwk: Jwk): AsymmetricKey {
  const message = 'Invalid JWK RSA key'
  const number = (name: string) => bytesToBigint(readBytes(jwk[name], message))
  const shared = { kind: 'rsa' as const, n: number('n'), e: number('e') }
  if (jwk.d === undefined) return shared
  const [d, p, q] = [number('d'), number('p'), number('q')]
  return { ...shared, secret: { d, p, q, dp: number('dp'), dq: number('dq'), qi: number('qi') } }
}

function readEc(jwk: Jwk, curveName: string | undefined): AsymmetricKey {
  const curve = curveName === undefined ? undefined : findCurve(curveName)
  if (!curve) throw nodeError('ERR_CRYPTO_INVALID_CURVE', 'Invalid JWK EC key', TypeError)
  const message = 'Invalid JWK EC key'
  const [x, y] = [readBytes(jwk.x, message), readBytes(jwk.y, message)]
  if (x.length > curve.fieldBytes || y.length > curve.fieldBytes) throw invalidJwk(message)
  const fill = (bytes: Uint8Array) => concatBytes(new Uint8Array(curve.fieldBytes - bytes.length), bytes)
  const publicKey = readPoint(curve, concatBytes(Uint8Array.of(4), fill(x), fill(y)))
  if (!publicKey) throw invalidJwk(message)
  if (jwk.d === undefined) return { kind: 'ec', curve, publicKey }
  // Whether both parts belong together is asked for separately, by `checkEcKeyData`.
  return { kind: 'ec', curve, publicKey, secret: bytesToBigint(readBytes(jwk.d, message)) }
}

function readBytes(value: unknown, message: string): Uint8Array {
  const bytes = typeof value === 'string' ? fromBase64(value) : undefined
  if (!bytes) throw invalidJwk(message)
  return bytes
}
