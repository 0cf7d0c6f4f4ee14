import { createHash, createHmac, getHashes, hkdfSync, pbkdf2Sync, scryptSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { digestNames, findDigest, hashBytes } from './digests'
import { hmacBytes } from './hmac'
import { createRandom, createTestBinding } from './testing/node-support'

const seed = 20_260_101
const random = createRandom(seed)
const hex = (bytes: Uint8Array | ArrayBuffer) => Buffer.from(bytes as Uint8Array).toString('hex')
const known = digestNames.filter((name) => getHashes().includes(name))

interface JobClass {
  new (mode: number, ...args: unknown[]): { run(): [unknown, ArrayBuffer] }
}
const binding = createTestBinding() as Record<string, JobClass>
const runSync = (name: string, ...args: unknown[]) => {
  const [error, result] = new (binding[name] as JobClass)(1, ...args).run()
  if (error) throw error
  return hex(result)
}

describe('digests', () => {
  it.each(known)(`hashes like OpenSSL's %s, whatever the length (seed ${seed})`, (name) => {
    const digest = findDigest(name)
    if (!digest) throw new Error(`${name} is listed and unknown`)
    for (let round = 0; round < 12; round++) {
      const data = random.bytes(random.below(300))
      const options = digest.isExtendable ? { outputLength: digest.outputLength } : undefined
      expect(hex(hashBytes(digest, data))).toBe(createHash(name, options).update(data).digest('hex'))
    }
  })

  it(`authenticates like OpenSSL with keys of any length (seed ${seed})`, () => {
    for (const name of ['md5', 'sha1', 'sha256', 'sha512', 'sha3-256', 'ripemd160', 'md5-sha1']) {
      const digest = findDigest(name)
      if (!digest) throw new Error(name)
      const key = random.bytes(random.below(200))
      const data = random.bytes(random.below(200))
      expect(hex(hmacBytes(digest, key, data))).toBe(createHmac(name, key).update(data).digest('hex'))
    }
  })

  it('takes the names that OpenSSL takes, and no others', () => {
    expect(findDigest('RSA-SHA256')?.name).toBe('sha256')
    expect(findDigest('SHA2-512')?.name).toBe('sha512')
    expect(findDigest('sha257')).toBeUndefined()
  })
})

describe('key derivation', () => {
  it(`derives what OpenSSL derives (seed ${seed})`, () => {
    const [password, salt, info] = [random.bytes(20), random.bytes(16), random.bytes(9)]
    for (const name of ['sha1', 'sha256', 'sha512', 'md5-sha1']) {
      expect(runSync('PBKDF2Job', password, salt, 7, 50, name)).toBe(hex(pbkdf2Sync(password, salt, 7, 50, name)))
    }
    expect(runSync('HKDFJob', 'sha384', password, salt, info, 100)).toBe(
      hex(hkdfSync('sha384', password, salt, info, 100)),
    )
    expect(runSync('ScryptJob', password, salt, 16, 8, 2, 2 ** 25, 40)).toBe(
      hex(scryptSync(password, salt, 40, { N: 16, r: 8, p: 2 })),
    )
  })

  it('refuses scrypt parameters as OpenSSL does', () => {
    expect(() => runSync('ScryptJob', new Uint8Array(1), new Uint8Array(1), 3, 8, 1, 2 ** 25, 8)).toThrow(
      'Invalid scrypt params',
    )
    expect(() => runSync('ScryptJob', new Uint8Array(1), new Uint8Array(1), 2 ** 20, 8, 1, 2 ** 25, 8)).toThrow(
      'memory limit exceeded',
    )
  })
})
