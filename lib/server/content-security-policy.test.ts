import { expect, it } from 'vitest'
import { contentSecurityPolicy } from './content-security-policy'

it('lets nothing in from elsewhere and runs scripts by nonce', () => {
  const policy = contentSecurityPolicy({ nonce: 'abc' })
  expect(policy).toBe(
    "default-src 'self'; script-src 'self' 'nonce-abc' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; worker-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  )
})

it('opens exactly what a choice needs', () => {
  expect(contentSecurityPolicy({ nonce: 'abc', development: true })).toContain("'unsafe-eval'")
  const webContainer = contentSecurityPolicy({ nonce: 'abc', webContainer: true })
  expect(webContainer).toMatch(
    /connect-src 'self' https:\/\/stackblitz\.com .*; frame-src 'self' https:\/\/stackblitz\.com/,
  )
  expect(webContainer).not.toContain("'unsafe-eval'")
})

it('lets a preview on an origin of its own into the sandbox’s frames at most, not to the rest of the IDE', () => {
  const previews = { origin: 'https://preview.example.org', host: 'ide.example.org:8443' }
  expect(contentSecurityPolicy({ nonce: 'abc', previews })).toContain(
    'frame-src ide.example.org:8443/sandbox/ https://*.preview.example.org;',
  )
  const strange = { ...previews, host: 'x; script-src *' }
  expect(contentSecurityPolicy({ nonce: 'abc', previews: strange })).toContain("frame-src 'self';")
})
