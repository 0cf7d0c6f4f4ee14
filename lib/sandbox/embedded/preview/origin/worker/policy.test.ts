import { expect, it } from 'vitest'
import { headersFor } from './policy'

const ide = 'https://ide.example.org'

it('says nothing that the project’s server says of where a page may be or what it may reach', () => {
  const answered: [string, string][] = [
    ['Content-Type', 'text/html'],
    ['Content-Security-Policy', 'connect-src *; frame-ancestors *'],
    ['X-Frame-Options', 'DENY'],
    ['Cross-Origin-Embedder-Policy', 'unsafe-none'],
    ['Connection-Allowlist', '(*)'],
    ['Service-Worker-Allowed', '/'],
    ['Set-Cookie', 'a=1'],
  ]
  const headers = headersFor(answered, ide)
  expect(headers.get('content-type')).toBe('text/html')
  for (const name of ['x-frame-options', 'service-worker-allowed', 'set-cookie']) expect(headers.get(name)).toBeNull()
  expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp')
  expect(headers.get('content-security-policy')).not.toContain('*')
})

it('takes from the server’s answer for a document only what no browser makes a policy of', () => {
  const answered: [string, string][] = [
    ['Content-Type', 'text/html'],
    ['Content-Length', '7'],
    ['Integrity-Policy', 'blocked-destinations=(script)'],
    ['Link', '<https://elsewhere.example/x>; rel=preconnect'],
    ['Speculation-Rules', '"https://elsewhere.example/rules.json"'],
    ['X-Total', '3'],
  ]
  const ours = [...headersFor([], ide).keys()]
  expect([...headersFor(answered, ide, { isContext: true }).keys()]).toEqual([...ours, 'content-type'].sort())
  expect(headersFor(answered, ide).get('x-total')).toBe('3')
})

it('lets the IDE alone show a page, and a page reach its own host alone', () => {
  const policy = headersFor([], ide).get('content-security-policy') ?? ''
  expect(policy).toContain(`frame-ancestors ${ide} 'self'`)
  const sources = policy.split('; ').filter((directive) => !/^(frame-ancestors|script-src|style-src) /.test(directive))
  for (const directive of sources) expect(directive).toMatch(/^[\w-]+(?: (?:'self'|'none'|data:|blob:))+$/)
})
