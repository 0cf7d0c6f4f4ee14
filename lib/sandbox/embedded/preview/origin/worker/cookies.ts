import { createCookieJar, parseCookie } from '../../page/cookies'

/** The browser's own cookies of this host, as a worker gets at them; not in every browser. */
interface CookieStore {
  /** Those of the worker's own path, which are the ones for the whole host: Chromium 156 refuses to be asked for others. */
  getAll(): Promise<{ name: string; value: string }[]>
  set(cookie: { name: string; value: string; path: string; expires: number | null; sameSite: 'lax' }): Promise<void>
  delete(cookie: { name: string; path: string }): Promise<void>
}

export interface WorkerCookies {
  header(url: string): Promise<string>
  accept(text: string, url: string): Promise<void>
}

/**
 * Cookies that scripts may read are the browser's; the answer of a worker cannot set any, so they are set here. Those that
 * scripts must not read, or that the worker could not ask for, are kept in `storage`, with the project.
 */
export function createWorkerCookies(storage: Map<string, string>, onChange: () => void): WorkerCookies {
  const { cookieStore } = globalThis as { cookieStore?: CookieStore }
  const jar = createCookieJar(storage, onChange)
  return {
    async header(url) {
      const kept = jar.header(url)
      const names = new Set(kept.split('; ').map((pair) => pair.replace(/=.*/s, '')))
      const readable = ((await cookieStore?.getAll()) ?? []).filter(({ name }) => !names.has(name))
      return [...(kept === '' ? [] : [kept]), ...readable.map(({ name, value }) => `${name}=${value}`)].join('; ')
    },
    async accept(text, url) {
      const cookie = parseCookie(text, new URL('.', url).pathname)
      const { name, value, path, expiresAt: expires } = cookie
      if (cookie.httpOnly || path !== '/' || !cookieStore) jar.set(text, url)
      else if (storage.delete(`cookie:${name}`)) onChange()
      if (cookie.httpOnly || !cookieStore) return
      try {
        if (expires !== null && expires <= Date.now()) await cookieStore.delete({ name, path })
        else await cookieStore.set({ name, value, path, expires, sameSite: 'lax' })
      } catch {
        // Too long, or badly named: browsers leave such a cookie out, and show the page.
      }
    },
  }
}
