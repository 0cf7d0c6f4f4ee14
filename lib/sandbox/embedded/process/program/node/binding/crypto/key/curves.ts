import { type ECDSA, ecdsa, weierstrass } from '@noble/curves/abstract/weierstrass.js'
import { ed448, x448 } from '@noble/curves/ed448.js'
import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import { brainpoolP256r1, brainpoolP384r1, brainpoolP512r1 } from '@noble/curves/misc.js'
import { p256, p384, p521 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha224, sha256 } from '@noble/hashes/sha2.js'

/** A curve of ECDSA and ECDH. */
export interface EcCurve {
  /** OpenSSL's name. */
  readonly name: string
  readonly oid: string
  /** NIST's name, which OpenSSL takes as well. */
  readonly nistName?: string
  /** The name in a JWK; curves without one cannot be exported as such. */
  readonly jwkName?: string
  readonly fieldBytes: number
  readonly order: bigint
  readonly orderBytes: number
  readonly math: ECDSA
}

type CurveNames = Pick<EcCurve, 'name' | 'oid'> & Partial<Pick<EcCurve, 'nistName' | 'jwkName'>>

function curve(names: CurveNames, math: ECDSA): EcCurve {
  const { Fp, Fn } = math.Point
  return { ...names, fieldBytes: Fp.BYTES, order: Fn.ORDER, orderBytes: Fn.BYTES, math }
}

/** The parameters of SEC 2 for the curves that noble does not bring. */
function secCurve(hex: Record<'p' | 'a' | 'b' | 'n' | 'Gx' | 'Gy', string>, hash: typeof sha256): ECDSA {
  const number = (digits: string) => BigInt(`0x${digits}`)
  const { p, a, b, n, Gx, Gy } = hex
  const Point = weierstrass({
    p: number(p),
    a: number(a),
    b: number(b),
    n: number(n),
    h: 1n,
    Gx: number(Gx),
    Gy: number(Gy),
  })
  return ecdsa(Point, hash)
}

const secp224r1 = secCurve(
  {
    p: 'ffffffffffffffffffffffffffffffff000000000000000000000001',
    a: 'fffffffffffffffffffffffffffffffefffffffffffffffffffffffe',
    b: 'b4050a850c04b3abf54132565044b0b7d7bfd8ba270b39432355ffb4',
    n: 'ffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3d',
    Gx: 'b70e0cbd6bb4bf7f321390b94a03c1d356c21122343280d6115c1d21',
    Gy: 'bd376388b5f723fb4c22dfe6cd4375a05a07476444d5819985007e34',
  },
  sha224 as typeof sha256,
)

const prime192v1 = secCurve(
  {
    p: 'fffffffffffffffffffffffffffffffeffffffffffffffff',
    a: 'fffffffffffffffffffffffffffffffefffffffffffffffc',
    b: '64210519e59c80e70fa7e9ab72243049feb8deecc146b9b1',
    n: 'ffffffffffffffffffffffff99def836146bc9b1b4d22831',
    Gx: '188da80eb03090f67cbf20eb43a18800f4ff0afd82ff1012',
    Gy: '07192b95ffc8da78631011ed6b24cdd573f977a11e794811',
  },
  sha256,
)

export const ecCurves: readonly EcCurve[] = [
  curve({ name: 'prime256v1', oid: '1.2.840.10045.3.1.7', nistName: 'P-256', jwkName: 'P-256' }, p256),
  curve({ name: 'secp384r1', oid: '1.3.132.0.34', nistName: 'P-384', jwkName: 'P-384' }, p384),
  curve({ name: 'secp521r1', oid: '1.3.132.0.35', nistName: 'P-521', jwkName: 'P-521' }, p521),
  curve({ name: 'secp256k1', oid: '1.3.132.0.10', jwkName: 'secp256k1' }, secp256k1),
  curve({ name: 'secp224r1', oid: '1.3.132.0.33', nistName: 'P-224' }, secp224r1),
  curve({ name: 'prime192v1', oid: '1.2.840.10045.3.1.1', nistName: 'P-192' }, prime192v1),
  curve({ name: 'brainpoolP256r1', oid: '1.3.36.3.3.2.8.1.1.7' }, brainpoolP256r1),
  curve({ name: 'brainpoolP384r1', oid: '1.3.36.3.3.2.8.1.1.11' }, brainpoolP384r1),
  curve({ name: 'brainpoolP512r1', oid: '1.3.36.3.3.2.8.1.1.13' }, brainpoolP512r1),
]

export function findCurve(name: string): EcCurve | undefined {
  return ecCurves.find((each) => each.name === name || each.nistName === name)
}

/** The curves of RFC 7748 and RFC 8032, whose keys are plain bytes. */
export type OkpKind = 'ed25519' | 'ed448' | 'x25519' | 'x448'

export interface OkpCurve {
  readonly kind: OkpKind
  readonly oid: string
  readonly jwkName: string
  /** OpenSSL's number for the key type. */
  readonly nid: number
  readonly keyBytes: number
  getPublicKey(secret: Uint8Array): Uint8Array
}

export const okpCurves: readonly OkpCurve[] = [
  {
    kind: 'ed25519',
    oid: '1.3.101.112',
    jwkName: 'Ed25519',
    nid: 1087,
    keyBytes: 32,
    getPublicKey: ed25519.getPublicKey,
  },
  { kind: 'ed448', oid: '1.3.101.113', jwkName: 'Ed448', nid: 1088, keyBytes: 57, getPublicKey: ed448.getPublicKey },
  { kind: 'x25519', oid: '1.3.101.110', jwkName: 'X25519', nid: 1034, keyBytes: 32, getPublicKey: x25519.getPublicKey },
  { kind: 'x448', oid: '1.3.101.111', jwkName: 'X448', nid: 1035, keyBytes: 56, getPublicKey: x448.getPublicKey },
]

export function okpCurveOf(kind: OkpKind): OkpCurve {
  return okpCurves.find((each) => each.kind === kind) as OkpCurve
}
