import { generateGroup, randomSecret, requireGroup } from '../agreement/diffie-hellman'
import { requireCurve } from '../agreement/ecdh'
import { bytesToBigint } from '../asn1'
import { modPow, randomBelow } from '../bigint-math'
import { findCipher } from '../cipher/cipher-table'
import { findDigest } from '../digests'
import { invalidDigest, nodeError } from '../errors'
import { createJobClass, type Work } from '../job'
import type { KeyHandle } from '../key-handle'
import { checkRsaParameters, generateRsa } from '../rsa'
import { generateDsa } from '../sign/dsa'
import { type ByteSource, type CryptoSupport, fillRandom, toArrayBuffer, toBytes } from '../support'
import { okpCurves } from './curves'
import { readJwk } from './jwk'
import {
  type AsymmetricKey,
  ecPublicKey,
  isPrivate,
  type KeyData,
  type PssLimits,
  publicPart,
  type RsaKey,
} from './key-data'
import { encodeKey } from './key-object'
import { writePkcs8, writeSpki } from './key-writer'

/** `kKeyVariantRSA_SSA_PKCS1_v1_5` and its siblings. */
export const rsaVariant = { pkcs1: 0, pss: 1, oaep: 2 } as const
/** `OPENSSL_EC_NAMED_CURVE` and `OPENSSL_EC_EXPLICIT_CURVE`. */
export const curveEncoding = { explicit: 0, named: 1 } as const
/** `kWebCryptoKeyFormatRaw` and its siblings. */
export const webFormat = { raw: 0, pkcs8: 1, spki: 2, jwk: 3 } as const

/** How both keys of a pair are to be written, as six arguments at the end of each job's. */
type PairEncoding = [
  publicFormat: number | undefined,
  publicType: number | undefined,
  privateFormat: number | undefined,
  privateType: number | undefined,
  cipher: string | null | undefined,
  passphrase: ByteSource | undefined,
]

type PssArguments = [hash: string | undefined, mgfHash: string | undefined, saltLength: number | undefined]

/** Jobs that make keys, and those that export them for Web Crypto. */
export function createKeyGenerationBinding(support: CryptoSupport, handleOf: (data: KeyData) => KeyHandle) {
  function encodePair(key: AsymmetricKey, encoding: PairEncoding): [unknown, unknown] {
    const [publicFormat, publicType, format, type, cipher, passphrase] = encoding
    const publicKey = publicPart(key)
    return [
      publicFormat === undefined
        ? handleOf(publicKey)
        : encodeKey(support, publicKey, { format: publicFormat, type: publicType }),
      format === undefined ? handleOf(key) : encodeKey(support, key, { format, type, cipher, passphrase }),
    ]
  }

  /** The job of one kind of key; `prepare` takes the arguments before the encoding. */
  function pairJob<Args extends unknown[]>(prepare: (...args: Args) => Work<AsymmetricKey>) {
    return createJobClass(support, (...args: unknown[]) => {
      const encoding = args.slice(-6) as PairEncoding
      checkCipher(encoding[4])
      const generate = prepare(...(args.slice(0, -6) as Args))
      const { later } = generate
      return Object.assign(() => encodePair(generate(), encoding), {
        later: later && (async () => encodePair(await later(), encoding)),
      })
    })
  }

  const exportJob = createJobClass(support, (format: number, handle: KeyHandle) => {
    return () => toArrayBuffer(exportForWeb(handle.keyData as AsymmetricKey, format))
  })

  return {
    SecretKeyGenJob: createJobClass(support, (bits: number) => () => {
      return handleOf({ kind: 'secret', bytes: fillRandom(new Uint8Array(Math.floor(bits / 8))) })
    }),
    RsaKeyPairGenJob: pairJob((...args: RsaArguments) => prepareRsa(support.subtle, ...args)),
    DsaKeyPairGenJob: pairJob((modulusBits: number, divisorBits: number) => () => {
      return generateDsa(modulusBits, divisorBits < 0 ? defaultDivisorBits(modulusBits) : divisorBits)
    }),
    EcKeyPairGenJob: pairJob((name: string, encoding: number) => {
      const curve = requireCurve(name)
      return () => {
        const secret = randomBelow(curve.order)
        const publicKey = ecPublicKey(curve, secret) as Uint8Array
        return { kind: 'ec', curve, publicKey, secret, isExplicit: encoding === curveEncoding.explicit }
      }
    }),
    NidKeyPairGenJob: pairJob((nid: number) => {
      const curve = okpCurves.find((each) => each.nid === nid)
      if (!curve) throw nodeError('ERR_CRYPTO_INVALID_KEYTYPE', 'Invalid key type', RangeError)
      return () => {
        const secret = fillRandom(new Uint8Array(curve.keyBytes))
        return { kind: curve.kind, publicKey: curve.getPublicKey(secret), secret }
      }
    }),
    DhKeyPairGenJob: pairJob((source: string | number | ByteSource, generator?: number) => {
      const findGroup = prepareGroup(source, generator ?? 2)
      return () => {
        const group = findGroup()
        const secret = randomSecret(group)
        return { kind: 'dh', ...group, y: modPow(group.g, secret, group.p), secret }
      }
    }),
    RSAKeyExportJob: exportJob,
    ECKeyExportJob: exportJob,
    DHKeyExportJob: exportJob,
  }
}

function checkCipher(name: string | null | undefined): void {
  if (name != null && !findCipher(name)) throw nodeError('ERR_CRYPTO_UNKNOWN_CIPHER', 'Unknown cipher')
}

type RsaArguments = [variant: number, bits: number, exponent: number, ...pss: PssArguments | []]

function prepareRsa(
  subtle: SubtleCrypto | undefined,
  ...[variant, bits, exponent, ...pss]: RsaArguments
): Work<AsymmetricKey> {
  const limits = variant === rsaVariant.pss ? pssLimits(pss) : undefined
  const finish = (key: RsaKey): AsymmetricKey =>
    variant === rsaVariant.pss ? { ...key, kind: 'rsa-pss', pss: limits } : key
  const generate = () => {
    checkRsaParameters(bits, BigInt(exponent))
    return finish(generateRsa(bits, BigInt(exponent)))
  }
  const isUsual = bits >= 1024 && bits % 8 === 0 && (exponent === 3 || exponent === 65537)
  if (!subtle || !isUsual) return generate
  return Object.assign(generate, {
    // Whatever a browser has against such a key, we have not.
    later: async () => generateRsaWith(subtle, bits, exponent).then(finish, generate),
  })
}

async function generateRsaWith(subtle: SubtleCrypto, bits: number, exponent: number): Promise<RsaKey> {
  const { privateKey } = await subtle.generateKey(
    {
      name: 'RSASSA-PKCS1-v1_5',
      modulusLength: bits,
      publicExponent: Uint8Array.of(exponent >> 16, exponent >> 8, exponent),
      hash: 'SHA-256',
    },
    true,
    ['sign', 'verify'],
  )
  return readJwk({ ...(await subtle.exportKey('jwk', privateKey)) }, undefined) as RsaKey
}

/** A key without limits when none are given; otherwise OpenSSL's defaults for those that are not. */
function pssLimits([hash, mgfHash, saltLength]: PssArguments | []): PssLimits | undefined {
  if (hash !== undefined && !findDigest(hash)) throw invalidDigest(hash)
  if (mgfHash !== undefined && !findDigest(mgfHash)) throw invalidDigest(mgfHash, 'MGF1 digest')
  if (hash === undefined && mgfHash === undefined && saltLength === undefined) return undefined
  const digest = findDigest(hash ?? 'sha1')
  const used = digest?.name ?? 'sha1'
  return {
    hash: used,
    mgfHash: findDigest(mgfHash ?? used)?.name ?? used,
    saltLength: saltLength ?? (hash === undefined ? 20 : (digest?.outputLength ?? 20)),
  }
}

function prepareGroup(source: string | number | ByteSource, generator: number) {
  if (typeof source === 'string') {
    const group = requireGroup(source)
    return () => group
  }
  if (typeof source === 'number') return () => generateGroup(source, BigInt(generator))
  const group = { p: bytesToBigint(toBytes(source)), g: BigInt(generator) }
  return () => group
}

/** FIPS 186-4's pairs of lengths. */
function defaultDivisorBits(modulusBits: number): number {
  return modulusBits >= 2048 ? 256 : 160
}

function exportForWeb(key: AsymmetricKey, format: number): Uint8Array {
  if (format === webFormat.pkcs8) return writePkcs8(key)
  if (format === webFormat.spki) return writeSpki(publicPart(key))
  if (format === webFormat.raw && 'publicKey' in key && !isPrivate(key)) return key.publicKey
  throw nodeError('ERR_CRYPTO_INVALID_KEYTYPE', 'Invalid key type', RangeError)
}
