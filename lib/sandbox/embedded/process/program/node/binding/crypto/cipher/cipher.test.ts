import {
  type CipherGCMTypes,
  createCipheriv,
  createDecipheriv,
  getCiphers,
  getCipherInfo as nodeCipherInfo,
} from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createRandom, createTestBinding } from '../testing/node-support'
import { cipherNames, findCipher } from './cipher-table'

const seed = 20_260_102
const random = createRandom(seed)

interface Cipher {
  initiv(name: string, key: Uint8Array, iv: Uint8Array | null, tagLength: number): void
  update(data: Uint8Array): Uint8Array
  final(): Uint8Array
  setAAD(data: Uint8Array, length: number): boolean
  setAuthTag(tag: Uint8Array): boolean
  getAuthTag(): Uint8Array
}
const { CipherBase, getCipherInfo } = createTestBinding() as {
  CipherBase: new (isEncrypting: boolean) => Cipher
  getCipherInfo: (info: object, name: string) => object
}

const tagLength = 16
const isAead = (name: string) => findCipher(name)?.startAead !== undefined
const isWhole = (name: string) => ['ccm', 'wrap'].includes(findCipher(name)?.mode ?? '')
const names = cipherNames.filter((name) => getCiphers().includes(name))

function start(name: string, key: Uint8Array, iv: Uint8Array, isEncrypting: boolean): Cipher {
  const cipher = new CipherBase(isEncrypting)
  cipher.initiv(name, key, iv.length > 0 ? iv : null, isAead(name) ? tagLength : -1)
  return cipher
}

/** In random pieces, unless the mode wants the message whole. */
function pump(name: string, cipher: Pick<Cipher, 'update' | 'final'>, data: Uint8Array): Buffer {
  const parts: Uint8Array[] = []
  for (let at = 0; at < data.length || parts.length === 0; ) {
    const end = isWhole(name) ? data.length : at + 1 + random.below(40)
    parts.push(cipher.update(data.subarray(at, end)))
    at = end
  }
  return Buffer.concat([...parts, cipher.final()])
}

describe('ciphers', () => {
  it.each(names)(`encrypts and decrypts like OpenSSL's %s (seed ${seed})`, (name) => {
    const spec = findCipher(name)
    if (!spec) throw new Error(name)
    for (let round = 0; round < 4; round++) {
      const [key, iv] = [random.bytes(spec.keyLength), random.bytes(spec.ivLength)]
      const data = random.bytes(spec.mode === 'wrap' ? 32 : random.below(150))
      const additional = random.bytes(random.below(40))
      const native = createCipheriv(name as CipherGCMTypes, key, iv, { authTagLength: tagLength })
      const ours = start(name, key, iv, true)
      if (isAead(name)) {
        native.setAAD(additional, { plaintextLength: data.length } as never)
        ours.setAAD(additional, data.length)
      }
      const expected = Buffer.concat([native.update(data), native.final()])
      expect(pump(name, ours, data).toString('hex')).toBe(expected.toString('hex'))
      const back = start(name, key, iv, false)
      if (isAead(name)) {
        expect(Buffer.from(ours.getAuthTag())).toEqual(native.getAuthTag())
        back.setAuthTag(native.getAuthTag())
        back.setAAD(additional, data.length)
      }
      expect(pump(name, back, expected)).toEqual(Buffer.from(data))
    }
  })

  it.each(names)('describes %s as OpenSSL does', (name) => {
    const { name: _, ...expected } = nodeCipherInfo(name) ?? {}
    expect(getCipherInfo({}, name)).toMatchObject(expected)
  })

  it('refuses a message whose tag is wrong', () => {
    const [key, iv] = [random.bytes(32), random.bytes(12)]
    for (const name of ['aes-256-gcm', 'aes-256-ocb', 'chacha20-poly1305']) {
      const cipher = start(name, key, iv, false)
      cipher.setAuthTag(new Uint8Array(tagLength))
      cipher.update(random.bytes(20))
      expect(() => cipher.final()).toThrow('unable to authenticate data')
    }
  })

  it('says of wrong padding what OpenSSL says', () => {
    const [key, iv] = [new Uint8Array(16), new Uint8Array(16)]
    const failureOf = (run: () => unknown) => {
      try {
        run()
        return undefined
      } catch (error) {
        return { message: (error as Error).message, code: (error as { code: string }).code }
      }
    }
    for (const length of [3, 32]) {
      const native = createDecipheriv('aes-128-cbc', key, iv)
      const ours = start('aes-128-cbc', key, iv, false)
      native.update(new Uint8Array(length))
      ours.update(new Uint8Array(length))
      expect(failureOf(() => ours.final())).toEqual(failureOf(() => native.final()))
    }
  })
})
