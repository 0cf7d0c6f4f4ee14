import { bigintToBytes } from '../asn1'
import { modInverse } from '../bigint-math'
import { concatBytes } from '../support'
import type { EcCurve, OkpKind } from './curves'

/** `kKeyTypeSecret` and its siblings. */
export const keyType = { secret: 0, public: 1, private: 2 } as const

export interface SecretKey {
  readonly kind: 'secret'
  readonly bytes: Uint8Array
}

export interface RsaSecret {
  readonly d: bigint
  readonly p: bigint
  readonly q: bigint
  readonly dp: bigint
  readonly dq: bigint
  readonly qi: bigint
}

/** What an RSA-PSS key may be used with. */
export interface PssLimits {
  readonly hash: string
  readonly mgfHash: string
  readonly saltLength: number
}

export interface RsaKey {
  readonly kind: 'rsa' | 'rsa-pss'
  readonly n: bigint
  readonly e: bigint
  readonly secret?: RsaSecret | undefined
  readonly pss?: PssLimits | undefined
}

export interface EcKey {
  readonly kind: 'ec'
  readonly curve: EcCurve
  /** The uncompressed point. */
  readonly publicKey: Uint8Array
  readonly secret?: bigint | undefined
  /** Written with the curve's parameters instead of its name. */
  readonly isExplicit?: boolean | undefined
}

export interface OkpKey {
  readonly kind: OkpKind
  readonly publicKey: Uint8Array
  readonly secret?: Uint8Array | undefined
}

export interface DsaKey {
  readonly kind: 'dsa'
  readonly p: bigint
  readonly q: bigint
  readonly g: bigint
  readonly y: bigint
  readonly secret?: bigint | undefined
}

export interface DhKey {
  readonly kind: 'dh'
  readonly p: bigint
  readonly g: bigint
  readonly y: bigint
  readonly secret?: bigint | undefined
}

export type AsymmetricKey = RsaKey | EcKey | OkpKey | DsaKey | DhKey
export type KeyData = SecretKey | AsymmetricKey

export function isPrivate(key: AsymmetricKey): boolean {
  return key.secret !== undefined
}

/** The same key without its secret part. */
export function publicPart<Key extends AsymmetricKey>(key: Key): Key {
  const { secret: _, ...rest } = key
  return rest as Key
}

export function rsaSecretOf({ p, q, d }: { p: bigint; q: bigint; d: bigint }): RsaSecret {
  return { d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: modInverse(q, p) ?? 0n }
}

/** Reads a point in any of SEC 1's forms (the hybrid one too); undefined when it is not on the curve. */
export function readPoint(curve: EcCurve, bytes: Uint8Array): Uint8Array | undefined {
  const isHybrid = bytes[0] === 6 || bytes[0] === 7
  if (isHybrid && ((bytes.at(-1) ?? 0) & 1) !== ((bytes[0] as number) & 1)) return undefined
  const plain = isHybrid ? concatBytes(Uint8Array.of(4), bytes.subarray(1)) : bytes
  try {
    const point = curve.math.Point.fromBytes(plain)
    point.assertValidity()
    return point.toBytes(false)
  } catch {
    // noble throws plain errors for whatever is not a point.
    return undefined
  }
}

export const pointForm = { compressed: 2, uncompressed: 4, hybrid: 6 } as const

export function writePoint(curve: EcCurve, uncompressed: Uint8Array, form: number): Uint8Array {
  if (form === pointForm.uncompressed) return uncompressed
  const sign = (uncompressed.at(-1) as number) & 1
  const x = uncompressed.subarray(1, 1 + curve.fieldBytes)
  if (form === pointForm.compressed) return concatBytes(Uint8Array.of(2 | sign), x)
  return concatBytes(Uint8Array.of(6 | sign), uncompressed.subarray(1))
}

/** The public key of a secret number; undefined when the number is out of range. */
export function ecPublicKey(curve: EcCurve, secret: bigint): Uint8Array | undefined {
  if (secret <= 0n || secret >= curve.order) return undefined
  return curve.math.Point.BASE.multiply(secret).toBytes(false)
}

export function ecSecretBytes({ curve, secret }: EcKey): Uint8Array {
  return bigintToBytes(secret ?? 0n, curve.orderBytes)
}

export function ecCoordinates({ curve, publicKey }: EcKey): { x: Uint8Array; y: Uint8Array } {
  const { fieldBytes } = curve
  return { x: publicKey.subarray(1, 1 + fieldBytes), y: publicKey.subarray(1 + fieldBytes) }
}
