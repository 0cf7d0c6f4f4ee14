import { afterEach, expect, it, vi } from 'vitest'
import { createWorkerCookies } from './cookies'

const url = 'https://v0.preview.example.org/deep/page'

function browserCookies() {
  const kept = new Map<string, string>()
  vi.stubGlobal('cookieStore', {
    getAll: async () => [...kept].map(([name, value]) => ({ name, value })),
    set: async ({ name, value }: { name: string; value: string }) => void kept.set(name, value),
    delete: async ({ name }: { name: string }) => void kept.delete(name),
  })
  return kept
}

afterEach(() => vi.unstubAllGlobals())

it('gives the browser what scripts may read, and keeps what they must not', async () => {
  const browser = browserCookies()
  const storage = new Map<string, string>()
  const onChange = vi.fn()
  const cookies = createWorkerCookies(storage, onChange)
  await cookies.accept('seen=1; Path=/', url)
  await cookies.accept('secret=2; Path=/; HttpOnly', url)
  expect([...browser]).toEqual([['seen', '1']])
  expect([...storage.keys()]).toEqual(['cookie:secret'])
  expect(onChange).toHaveBeenCalledTimes(1)
  expect(await cookies.header(url)).toBe('secret=2; seen=1')
})

it('leaves out what the browser does not take', async () => {
  vi.stubGlobal('cookieStore', { getAll: async () => [], set: () => Promise.reject(new TypeError('Too long')) })
  const cookies = createWorkerCookies(new Map(), () => undefined)
  await expect(cookies.accept(`long=${'x'.repeat(5000)}; Path=/`, url)).resolves.toBeUndefined()
})

it('forgets a cookie that has run out, wherever it was', async () => {
  const browser = browserCookies()
  const storage = new Map<string, string>()
  const cookies = createWorkerCookies(storage, () => undefined)
  await cookies.accept('a=1; Path=/', url)
  await cookies.accept('b=2; Path=/; HttpOnly', url)
  await cookies.accept('a=; Path=/; Max-Age=0', url)
  await cookies.accept('b=; Path=/; Max-Age=0; HttpOnly', url)
  expect(browser.size + storage.size).toBe(0)
})

it('sends a cookie of a part of the site there alone, once', async () => {
  browserCookies()
  const cookies = createWorkerCookies(new Map(), () => undefined)
  await cookies.accept('part=1; Path=/deep', url)
  expect(await cookies.header(url)).toBe('part=1')
})

it('keeps all of them where the browser gives a worker none', async () => {
  const storage = new Map<string, string>()
  const cookies = createWorkerCookies(storage, () => undefined)
  await cookies.accept('a=1; Path=/', url)
  expect(await cookies.header('https://v0.preview.example.org/')).toBe('a=1')
})
