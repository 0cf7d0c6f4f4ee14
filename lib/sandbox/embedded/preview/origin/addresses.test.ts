import { expect, it } from 'vitest'
import { createPreviewOrigins, reachableFrom, sandboxOriginOf, toSandboxUrl } from './addresses'

const base = 'https://preview.example.org'

it('gives each project and each of its servers a host of their own, always the same', async () => {
  const one = await createPreviewOrigins(base, 'project_1')
  const hosts = [
    one.originOf('http://localhost/index.html'),
    one.originOf('http://localhost:3000/'),
    one.originOf('http://localhost:5173/deep?x=1'),
    (await createPreviewOrigins(base, 'project_2')).originOf('http://localhost:3000/'),
  ]
  expect(new Set(hosts).size).toBe(4)
  expect(hosts[2]).toMatch(/^https:\/\/v[0-9a-f]{32}-5173\.preview\.example\.org$/)
  expect((await createPreviewOrigins(base, 'project_1')).originOf('http://localhost/')).toBe(hosts[0])
})

it('finds the server that a host stands for', async () => {
  const origins = await createPreviewOrigins(base, 'project_1')
  for (const url of ['http://localhost/a/b?c#d', 'http://localhost:3000/a/b?c#d']) {
    const { origin, pathname, search, hash } = new URL(url)
    const real = new URL(`${origins.originOf(url)}${pathname}${search}${hash}`)
    expect(sandboxOriginOf(real.hostname)).toBe(origin)
    expect(toSandboxUrl(real).href).toBe(url)
  }
})

it('reaches other ports of the sandbox on the page’s own host, and nothing else', async () => {
  const page = new URL((await createPreviewOrigins(base, 'project_1')).originOf('http://localhost:5173/'))
  const reach = (url: string) => reachableFrom(page, new URL(url))
  expect(reach('http://localhost:5173/api?x')).toBe(`${page.origin}/api?x`)
  const other = reach('http://127.0.0.1:3000/api?x')
  expect(other).toBe(`${page.origin}/__vitrine/at/3000/api?x`)
  expect(toSandboxUrl(new URL(other ?? '')).href).toBe('http://localhost:3000/api?x')
  expect(reach('https://example.org/')).toBeNull()
  expect(reach('http://localhost.example.org:3000/')).toBeNull()
})

it.each(['//evil.example/x', '///evil.example', '/__vitrine/at/3000//evil.example/x', '/__vitrine/at/999999/x'])(
  'never leads out of the sandbox: %s',
  (path) =>
    expect(toSandboxUrl(new URL(`https://v${'0'.repeat(32)}.preview.example.org${path}`)).hostname).toBe('localhost'),
)
