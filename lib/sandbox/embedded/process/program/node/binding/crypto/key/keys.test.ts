import {
  constants,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  sign,
  verify,
} from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { findGroup } from '../agreement/dh-groups'
import { findDigest } from '../digests'
import { isSignatureRight, signMessage } from '../sign/signature'
import { createTestBinding } from '../testing/node-support'
import { type AsymmetricKey, publicPart } from './key-data'
import { encodeKey } from './key-object'
import { keyFormat, parsePrivateKey, parsePublicOrPrivateKey } from './key-parser'
import { writePkcs8, writeSpki } from './key-writer'

const binding = createTestBinding()
interface Pair {
  publicKey: KeyObject
  privateKey: KeyObject
}

/** The kinds that the types of Node 20 leave out of this function's overloads. */
const generate = generateKeyPairSync as (type: string, options: object) => Pair
const pairs: Record<string, Pair> = {
  rsa: generateKeyPairSync('rsa', { modulusLength: 1024 }),
  'rsa-pss': generate('rsa-pss', {
    modulusLength: 1024,
    hashAlgorithm: 'sha256',
    mgf1HashAlgorithm: 'sha256',
    saltLength: 16,
  }),
  'P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  'P-521': generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  secp256k1: generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
  secp224r1: generateKeyPairSync('ec', { namedCurve: 'secp224r1' }),
  dsa: generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }),
  ed25519: generateKeyPairSync('ed25519'),
  ed448: generateKeyPairSync('ed448'),
}
const kinds = Object.keys(pairs)
const exportPem = (key: KeyObject) =>
  Buffer.from(key.export({ format: 'pem', type: key.type === 'private' ? 'pkcs8' : 'spki' }))

function read(key: KeyObject): AsymmetricKey {
  const input = { data: exportPem(key), format: keyFormat.pem }
  return key.type === 'private' ? parsePrivateKey(input) : parsePublicOrPrivateKey(input)
}

const needsNoDigest = (kind: string) => kind.startsWith('ed')

describe('keys', () => {
  it.each(kinds)('writes %s keys byte for byte as it read them', (kind) => {
    const { publicKey, privateKey } = pairs[kind] as Pair
    expect(Buffer.from(writeSpki(read(publicKey)))).toEqual(publicKey.export({ format: 'der', type: 'spki' }))
    expect(Buffer.from(writePkcs8(read(privateKey)))).toEqual(privateKey.export({ format: 'der', type: 'pkcs8' }))
    expect(writeSpki(publicPart(read(privateKey)))).toEqual(writeSpki(read(publicKey)))
  })

  it.each(['pkcs8', 'pkcs1'] as const)('opens keys that OpenSSL encrypted as %s, and the other way round', (type) => {
    const { privateKey } = pairs.rsa as Pair
    const protection = { cipher: 'aes-256-cbc', passphrase: 'secret words' }
    const pem = privateKey.export({ format: 'pem', type, ...protection })
    const passphrase = Buffer.from(protection.passphrase)
    const ours = parsePrivateKey({ data: Buffer.from(pem), format: keyFormat.pem, passphrase })
    expect(Buffer.from(writePkcs8(ours))).toEqual(privateKey.export({ format: 'der', type: 'pkcs8' }))
    expect(() =>
      parsePrivateKey({ data: Buffer.from(pem), format: keyFormat.pem, passphrase: Buffer.from('other') }),
    ).toThrow(/bad decrypt|unsupported/)
    const support = { Buffer, defer: setImmediate, getRandomValues: () => undefined }
    const written = encodeKey(support, ours, {
      format: keyFormat.pem,
      type: type === 'pkcs8' ? 1 : 0,
      cipher: protection.cipher,
      passphrase,
    })
    const back = createPrivateKey({ key: written as string, passphrase: protection.passphrase })
    expect(back.equals(privateKey)).toBe(true)
  })
})

describe('signatures', () => {
  it.each(kinds)('of %s are taken by OpenSSL, and its own here', (kind) => {
    const { publicKey, privateKey } = pairs[kind] as Pair
    const data = Buffer.from('what was signed')
    const name = needsNoDigest(kind) ? undefined : 'sha256'
    const options = { digest: name ? findDigest(name) : undefined }
    const ours = signMessage(read(privateKey), { data }, options)
    expect(verify(name, data, publicKey, ours)).toBe(true)
    const theirs = sign(name, data, privateKey)
    expect(isSignatureRight(read(publicKey), { message: { data }, signature: theirs }, options)).toBe(true)
    theirs[theirs.length - 1] = (theirs.at(-1) as number) ^ 1
    expect(isSignatureRight(read(publicKey), { message: { data }, signature: theirs }, options)).toBe(false)
  })

  it('of RSA-PSS go with any length of salt, or only with the one asked for', () => {
    const { publicKey, privateKey } = pairs.rsa as Pair
    const data = Buffer.from('salted')
    const padding = constants.RSA_PKCS1_PSS_PADDING
    const signature = sign('sha256', data, { key: privateKey, padding, saltLength: 20 })
    const claim = { message: { data }, signature }
    const check = (saltLength: number) =>
      isSignatureRight(read(publicKey), claim, { digest: findDigest('sha256'), padding, saltLength })
    expect([check(20), check(constants.RSA_PSS_SALTLEN_AUTO), check(21)]).toEqual([true, true, false])
  })
})

describe('RSA encryption', () => {
  type Call = (
    key: Uint8Array,
    format: number,
    type: undefined,
    pass: undefined,
    data: Uint8Array,
    ...rest: unknown[]
  ) => Uint8Array
  const { publicEncrypt: encrypt, privateDecrypt: decrypt } = binding as Record<string, Call>
  const { publicKey, privateKey } = pairs.rsa as Pair

  it.each([
    ['OAEP', constants.RSA_PKCS1_OAEP_PADDING, 'sha256'],
    ['PKCS#1', constants.RSA_PKCS1_PADDING, undefined],
  ])('with %s is read by OpenSSL, and its own here', (_, padding, oaepHash) => {
    const data = Buffer.from('for your eyes')
    const call = (run: Call | undefined, key: KeyObject, bytes: Uint8Array) =>
      (run as Call)(exportPem(key), keyFormat.pem, undefined, undefined, bytes, padding, oaepHash, undefined)
    const hash = oaepHash ? { oaepHash } : {}
    const sealed = call(encrypt, publicKey, data)
    // Some releases of Node refuse to decrypt this padding.
    const canOpen = padding !== constants.RSA_PKCS1_PADDING
    const opened = canOpen
      ? privateDecrypt({ key: privateKey, padding, ...hash }, sealed)
      : call(decrypt, privateKey, sealed)
    expect(opened).toEqual(data)
    expect(call(decrypt, privateKey, publicEncrypt({ key: publicKey, padding, ...hash }, data))).toEqual(data)
  })
})

describe('key agreement', () => {
  it('comes to the same secret as OpenSSL', () => {
    const agree = binding.statelessDH as (own: object, other: object) => Uint8Array
    const Handle = binding.KeyObjectHandle as new () => { init(kind: number, data: Uint8Array, format: number): void }
    const handleOf = (key: KeyObject) => {
      const handle = new Handle()
      handle.init(key.type === 'private' ? 2 : 1, exportPem(key), keyFormat.pem)
      return handle
    }
    const make = {
      x25519: () => generateKeyPairSync('x25519'),
      x448: () => generateKeyPairSync('x448'),
      ec: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
      dh: () => generate('dh', { group: 'modp5' }),
    }
    for (const pair of Object.values(make)) {
      const [own, other] = [pair(), pair()]
      const expected = diffieHellman({ privateKey: own.privateKey, publicKey: other.publicKey })
      expect(agree(handleOf(own.privateKey), handleOf(other.publicKey))).toEqual(expected)
    }
  })

  it("computes the groups' primes as their documents define them", () => {
    const hex = findGroup('modp5')?.p.toString(16) ?? ''
    expect(hex.length * 4).toBe(1536)
    expect(hex.slice(0, 32)).toBe('ffffffffffffffffc90fdaa22168c234')
    expect(hex.slice(-32)).toBe('670c354e4abc9804f1746c08ca237327ffffffffffffffff'.slice(-32))
  })
})

describe('generated keys', () => {
  it.each([
    ['RsaKeyPairGenJob', [0, 1024, 65537]],
    ['EcKeyPairGenJob', ['secp384r1', 1]],
    ['NidKeyPairGenJob', [1087]],
    ['DsaKeyPairGenJob', [512, 160]],
  ])('of %s are keys to OpenSSL', (name, args) => {
    const Job = binding[name] as new (...args: unknown[]) => { run(): [unknown, [string, string]] }
    const encoding = [keyFormat.pem, 2, keyFormat.pem, 1, undefined, undefined]
    const [error, [publicPem, privatePem]] = new Job(1, ...args, ...encoding).run()
    expect(error).toBeUndefined()
    expect(createPublicKey(createPrivateKey(privatePem)).equals(createPublicKey(publicPem))).toBe(true)
  })

  it.each([1024, 1032])('of RSA with %i bits come from Web Crypto, too', async (bits) => {
    const Job = binding.RsaKeyPairGenJob as new (
      ...args: unknown[]
    ) => {
      run(): void
      ondone(error: unknown, keys: [string, string]): void
    }
    const encoding = [keyFormat.pem, 2, keyFormat.pem, 1, undefined, undefined]
    const job = new Job(0, 0, bits, 3, ...encoding)
    const [publicPem, privatePem] = await new Promise<[string, string]>((resolve, reject) => {
      job.ondone = (error, keys) => (error ? reject(error) : resolve(keys))
      job.run()
    })
    const key = createPrivateKey(privatePem)
    expect(createPublicKey(key).equals(createPublicKey(publicPem))).toBe(true)
    expect(key.asymmetricKeyDetails).toMatchObject({ modulusLength: bits, publicExponent: 3n })
  })
})
