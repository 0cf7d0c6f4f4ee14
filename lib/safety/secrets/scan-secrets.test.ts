import { describe, expect, it } from 'vitest'
import { maskSecrets, scanSecrets } from './scan-secrets'

// Made up for these tests; joined here so that no scanner of repositories mistakes them for real ones.
const pat = `ghp_${'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'}`
const jwt = `${btoa('{"alg":"HS256","typ":"JWT"}').replace(/=+$/, '')}.${btoa('{"sub":"1234567890"}').replace(/=+$/, '')}.c2lnbmF0dXJlLWJ5dGVz`
const pem = `-----BEGIN ${'RSA PRIVATE'} KEY-----\n${'MIIEpAIBAAKCAQEA7bq9\n'.repeat(8)}-----END RSA PRIVATE KEY-----`

describe('finds', () => {
  it.each([
    ['github-pat', pat, pat],
    ['jwt', `Authorization: ${jwt}`, jwt],
    ['private-key', pem, pem],
    ['aws-access-key', `id AKIA${'QWERTY2345ZXCVBN'}`, `AKIA${'QWERTY2345ZXCVBN'}`],
    ['url-password', 'postgres://app:k9Fz-77wq@db.example.org/main', 'k9Fz-77wq'],
    ['generic-secret', 'PAYMENT_TOKEN=8f3k2m9x7q1z5w4v6b', '8f3k2m9x7q1z5w4v6b'],
    ['generic-secret', 'const apiKey = "8f3k2m9x7q1z5w4v6b"', '8f3k2m9x7q1z5w4v6b'],
    ['generic-secret', '{ "client_secret": "8f3k2m9x7q1z5w4v6b" }', '8f3k2m9x7q1z5w4v6b'],
  ])('%s in %j', (rule, text, secret) => {
    expect(scanSecrets(text).map((finding) => [finding.rule, text.slice(finding.start, finding.end)])).toEqual([
      [rule, secret],
    ])
  })
})

describe('leaves alone', () => {
  it.each([
    'const token = await getToken(session.user.id)',
    'const apiKey = process.env.OPENAI_API_KEY',
    'API_KEY=your_api_key_here_123456',
    'tokenizer: "bert-base-uncased-v2-en"',
    'const publicKey = "9Cnzj4p4WGeKLs1Pt8QuKUpRKfFLfRYC9AIKjbJTWit"',
    'postgres://user:password@localhost:5432/app',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a template in the scanned text
    'https://${user}:${password}@example.org',
    'integrity="sha512-9Cnzj4p4WGeKLs1Pt8QuKUpRKfFLfRYC9AIKjbJTWit=="',
    'eyJub3QiOiJhIn0.eyJqd3QiOjF9.sig',
    'AKIAIOSFODNN7EXAMPLE',
    'commit 9a038989604e8da62ecddbe2094b16ce1b778be1',
    'id: 123e4567-e89b-12d3-a456-426614174000',
  ])('%s', (text) => expect(scanSecrets(text)).toEqual([]))
})

it('masks every secret in place and keeps the rest', () => {
  expect(maskSecrets(`a ${pat}\nb ${pem}\nc`)).toBe('a «secret:github-pat»\nb «secret:private-key»\nc')
})

it('changes nothing on a second pass', () => {
  const masked = maskSecrets(`token=${pat} postgres://app:k9Fz-77wq@db PAYMENT_TOKEN=8f3k2m9x7q1z5w4v6b`)
  expect(maskSecrets(masked)).toBe(masked)
})

it.each([
  ['one long word', 'a'.repeat(200_000)],
  ['keywords without end', 'token'.repeat(40_000)],
  ['open key blocks', '-----BEGIN PRIVATE KEY-----'.repeat(4_000)],
  ['curl without end', 'curl '.repeat(20_000)],
  ['dots', 's.'.repeat(100_000)],
  ['names', 'api_key.'.repeat(20_000)],
  ['digits', '1'.repeat(200_000)],
  ['dashes', 'key-'.repeat(40_000)],
  ['token heads', 'eyJaaaaaaaaaaa.'.repeat(10_000)],
])('stays fast on %s', (_name, text) => {
  const started = performance.now()
  scanSecrets(text)
  expect(performance.now() - started).toBeLessThan(4000)
})
