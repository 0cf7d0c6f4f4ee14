import { describe, expect, it } from 'vitest'
import { fromBase64, fromBase64Url, fromLatin1, joinBytes, toBase64, toBase64Url, toLatin1 } from './bytes'

const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte)
/** Longer than one call takes arguments. */
const long = Uint8Array.from({ length: 200_001 }, (_, at) => at % 251)

describe('joinBytes', () => {
  it('keeps the order of the parts, also around empty ones', () => {
    const parts = [Uint8Array.of(1, 2), new Uint8Array(), Uint8Array.of(3)]
    expect(joinBytes(parts)).toEqual(Uint8Array.of(1, 2, 3))
    expect(joinBytes([])).toEqual(new Uint8Array())
  })

  it('takes only the part of the buffer that a view shows', () => {
    expect(joinBytes([everyByte.subarray(250), everyByte.subarray(0, 1)])).toEqual(
      Uint8Array.of(250, 251, 252, 253, 254, 255, 0),
    )
  })

  it('copies a single part', () => {
    const part = Uint8Array.of(1)
    joinBytes([part])[0] = 9
    expect(part).toEqual(Uint8Array.of(1))
  })
})

describe('latin1', () => {
  it('has one character for each byte', () => {
    const text = toLatin1(everyByte)
    expect([...text].map((character) => character.codePointAt(0))).toEqual([...everyByte])
    expect(fromLatin1(text)).toEqual(everyByte)
  })

  it('survives more bytes than a call takes arguments', () => {
    expect(Buffer.from(fromLatin1(toLatin1(long))).equals(long)).toBe(true)
  })

  it('keeps the lowest byte of each code unit', () => {
    expect(fromLatin1('é€😀')).toEqual(Uint8Array.of(0xe9, 0xac, 0x3d, 0x00))
  })
})

describe('base64', () => {
  it('agrees with Node', () => {
    for (const bytes of [everyByte, everyByte.subarray(1), everyByte.subarray(2), new Uint8Array()]) {
      const oracle = Buffer.from(bytes)
      expect(toBase64(bytes)).toBe(oracle.toString('base64'))
      expect(toBase64Url(bytes)).toBe(oracle.toString('base64url'))
      expect(fromBase64(oracle.toString('base64'))).toEqual(bytes)
      expect(fromBase64Url(oracle.toString('base64url'))).toEqual(bytes)
    }
  })

  it('refuses text that is not base64', () => {
    expect(() => fromBase64('a*b=')).toThrow(/InvalidCharacter|invalid/i)
    expect(() => fromBase64Url('a')).toThrow(/InvalidCharacter|invalid|correctly encoded/i)
  })
})
