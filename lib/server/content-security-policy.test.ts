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
