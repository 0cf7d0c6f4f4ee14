import type { CookieJar } from './cookies'

/**
 * `localStorage`, `sessionStorage` and `document.cookie`, which an opaque origin refuses. All live in one map, which the
 * IDE keeps with the project.
 */
export function installStorage(
  entries: Map<string, string>,
  changed: () => void,
  { cookies, url }: { cookies: CookieJar; url: () => string },
): void {
  for (const [name, prefix] of [
    ['localStorage', 'local:'],
    ['sessionStorage', 'session:'],
  ] as const) {
    Object.defineProperty(window, name, { value: createStorage(entries, prefix, changed), configurable: true })
  }
  Object.defineProperty(document, 'cookie', {
    configurable: true,
    get: () => cookies.read(url()),
    set: (text: unknown) => cookies.set(String(text), url(), { fromScript: true }),
  })
}

const maxCharacters = 5 * 1024 * 1024

function createStorage(entries: Map<string, string>, prefix: string, changed: () => void): Storage {
  const keys = () => [...entries.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length))
  const read = (key: string) => entries.get(prefix + key) ?? null
  const write = (key: string, value: string) => {
    if (value.length > maxCharacters) throw new DOMException('The storage is full.', 'QuotaExceededError')
    entries.set(prefix + key, value)
    changed()
  }
  const remove = (key: string) => {
    if (entries.delete(prefix + key)) changed()
  }
  const methods = Object.create(Storage.prototype, {
    length: { get: () => keys().length },
    key: { value: (index: number) => keys()[index] ?? null },
    getItem: { value: (key: string) => read(String(key)) },
    setItem: { value: (key: string, value: string) => write(String(key), String(value)) },
    removeItem: { value: (key: string) => remove(String(key)) },
    clear: { value: () => keys().forEach(remove) },
  })
  // `localStorage.theme = 'dark'` is an entry too.
  return new Proxy<Storage>(methods, {
    get: (target, key) => {
      if (typeof key === 'symbol' || key in target) return Reflect.get(target, key)
      return read(key) ?? undefined
    },
    set(target, key, value) {
      if (typeof key === 'string' && !(key in target)) write(key, String(value))
      return true
    },
    has: (target, key) => key in target || (typeof key === 'string' && read(key) !== null),
    deleteProperty(_target, key) {
      if (typeof key === 'string') remove(key)
      return true
    },
    ownKeys: keys,
    getOwnPropertyDescriptor(_target, key) {
      const value = typeof key === 'string' ? read(key) : null
      return value === null ? undefined : { value, enumerable: true, configurable: true, writable: true }
    },
  })
}
