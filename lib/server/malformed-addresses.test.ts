import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { GET } from '@/app/api/malformed/route'
import { malformedAddresses } from './malformed-addresses.mjs'
import { pageRequest } from './testing/loopback'

const [ofApi] = malformedAddresses
const isMalformed = (rest: string) => new RegExp(`^${ofApi?.source.replace(':rest', '')}$`).test(`/api/${rest}`)

function canDecode(text: string): boolean {
  try {
    return decodeURIComponent(text) !== ''
  } catch {
    return false
  }
}

describe('an address with percent-escapes', () => {
  it.each(['packages/%E0%A4%A', '%FF', 'packages/react%2', 'p/%zz', '%C0%80', '%ED%A0%80', '%F4%90%80%80'])(
    'is led away when nobody can decode it: %s',
    (rest) => expect(isMalformed(rest)).toBe(true),
  )

  it.each(['packages/react', 'packages/@types%2Fnode', '%E2%82%AC', '%f0%9f%98%80', 'v1/models'])(
    'is served when it can be decoded: %s',
    (rest) => expect(isMalformed(rest)).toBe(false),
  )

  it('is led away exactly when decodeURIComponent refuses it, seed 7', () => {
    const byte = fc.integer({ min: 0x20, max: 0xff }).map((value) => `%${value.toString(16)}`)
    const text = fc.array(fc.oneof(byte, fc.constantFrom('a', '/', '%', '%4'), fc.constant('%e2%82%ac')), {
      minLength: 1,
    })
    fc.assert(
      fc.property(text, (parts) => isMalformed(parts.join('')) !== canDecode(parts.join(''))),
      { seed: 7, numRuns: 2_000 },
    )
  })
})

it('says what is wrong with it, as an error like all others', async () => {
  vi.spyOn(console, 'info').mockImplementation(() => {})
  const response = await GET(pageRequest('/api/malformed'))
  expect([response.status, await response.json()]).toMatchObject([400, { error: { code: 'invalid_request' } }])
})
