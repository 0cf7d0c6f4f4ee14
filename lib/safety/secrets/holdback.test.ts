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
      fc.constantFrom(
        ' ',
        '\n',
        '\t',
        '-----BEGIN',
        'curl -u app:k9Fz77wqXv https://example.org',
        '"Authorization: Bearer 8f3k2m9x7q1z5w4v6b"',
        'api_key : 8f3k2m9x7q1z5w4v6b ; x',
        'API_TOKEN = 8f3k2m9x7q1z5w4v6b more',
        'postgres://app:k9Fz-77wq@db/main',
        'const t = { clientSecret: "8f3k2m9x7q1z5w4v6b" }',
        'PAYMENT_TOKEN=8f3k2m9x7q1z5w4v6b\n',
        'const a = 1\n',
        '😀',
        'x'.repeat(300),
      ),
    ),
    { maxLength: 14 },
  )
  .chain((parts) => fc.constantFrom(' ', '\n', '').map((glue) => parts.join(glue)))
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
      { numRuns: 500 },
    )
  })

  it('what is shown at any moment is a beginning of the masked text', () => {
    fc.assert(
      fc.property(text, sizes, (whole, lengths) => {
        const filter = createSecretHoldback()
        const masked = maskSecrets(whole)
        let shown = ''
        for (const piece of pieces(whole, lengths)) {
          shown += filter.push(piece)
          expect(masked.startsWith(shown)).toBe(true)
        }
      }),
      { numRuns: 200 },
    )
  })
})

it.each([13, 24, 67])('knows what stands before a secret though it ends a long word, in pieces of %i', (size) => {
  const line = `a word, ${'x'.repeat(600)}"Authorization: Bearer 8f3k2m9x7q1z5w4v6b" and more that goes on`
  const filter = createSecretHoldback()
  let shown = ''
  for (const piece of pieces(line, [size])) shown += filter.push(piece)
  shown += filter.flush()
  expect(shown).toContain('«secret:authorization-header»')
  expect(shown).toBe(maskSecrets(line))
})

it('shows words as soon as they are complete, and an open word after 256 characters', () => {
  const prose = createSecretHoldback()
  expect(prose.push('These are some ordinary words that co')).toBe('These are some ordinary words that ')
  const word = createSecretHoldback()
  expect(word.push('x'.repeat(500))).toHaveLength(500 - 256)
  expect(word.flush()).toHaveLength(256)
})

it('names what it masked, once', () => {
  const filter = createSecretHoldback()
  filter.push(`key ${secrets[0]} `)
  filter.flush()
  expect(filter.masked()).toEqual(['github-pat'])
  expect(filter.masked()).toEqual([])
})

it('scans 100 KB in 4-character pieces without stalling', () => {
  const filter = createSecretHoldback()
  const started = performance.now()
  for (let i = 0; i < 25_000; i++) filter.push('abc ')
  filter.flush()
  expect(performance.now() - started).toBeLessThan(4000)
})
