import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSecretHoldback } from './holdback'
import { maskSecrets } from './scan-secrets'

const secrets = [
  `ghp_${'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'}`,
  `AKIA${'QWERTY2345ZXCVBN'}`,
  `-----BEGIN ${'RSA PRIVATE'} KEY-----\n${'MIIEpAIBAAKCAQEA7bq9x/Wd\n'.repeat(30)}-----END RSA PRIVATE KEY-----`,
  `${btoa('{"alg":"HS256","typ":"JWT"}').replace(/=+$/, '')}.${btoa(JSON.stringify({ sub: 'x'.repeat(900) })).replace(/=+$/, '')}.c2lnbmF0dXJl`,
]
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(...secrets.map((secret) => `${secret}\n`)),
      fc.lorem({ maxCount: 30 }),
      fc.constantFrom(' ', '\n', 'PAYMENT_TOKEN=8f3k2m9x7q1z5w4v6b\n', 'const a = 1\n', '😀', 'x'.repeat(300)),
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(' '))
const sizes = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 40 })

function* pieces(whole: string, lengths: number[]) {
  for (let at = 0, i = 0; at < whole.length; i++) {
    const length = lengths[i % lengths.length] ?? 1
    yield whole.slice(at, at + length)
    at += length
  }
}

describe('however the text is split', () => {
  it('the pieces joined are the masked text', () => {
    fc.assert(
      fc.property(text, sizes, (whole, lengths) => {
        const filter = createSecretHoldback()
        let shown = ''
        for (const piece of pieces(whole, lengths)) shown += filter.push(piece)
        expect(shown + filter.flush()).toBe(maskSecrets(whole))
      }),
      { numRuns: 300 },
    )
  })

  it('no 8 characters of a secret are ever shown', () => {
    fc.assert(
      fc.property(text, sizes, (whole, lengths) => {
        const filter = createSecretHoldback()
        let shown = ''
        for (const piece of pieces(whole, lengths)) shown += filter.push(piece)
        shown += filter.flush()
        for (const secret of secrets.slice(0, 2)) {
          for (let i = 4; i + 8 <= secret.length; i++) expect(shown).not.toContain(secret.slice(i, i + 8))
        }
      }),
      { numRuns: 150 },
    )
  })
})

it('holds back 256 characters and no more when nothing is found', () => {
  const filter = createSecretHoldback()
  const shown = filter.push('word '.repeat(100))
  expect(shown).toHaveLength(500 - 256)
  expect(filter.flush()).toHaveLength(256)
})

it('names what it masked, once', () => {
  const filter = createSecretHoldback()
  filter.push(`key ${secrets[0]} `)
  filter.flush()
  expect(filter.masked()).toEqual(['github-pat'])
  expect(filter.masked()).toEqual([])
})

it('scans 100 KB in 4-character pieces within two seconds', () => {
  const filter = createSecretHoldback()
  const started = performance.now()
  for (let i = 0; i < 25_000; i++) filter.push('abc ')
  filter.flush()
  expect(performance.now() - started).toBeLessThan(2000)
})
