/** What the tab keeps of the registry: tarballs under their checksum for good, metadata under its path for a while. */
export interface PackageCache {
  read(key: string): Promise<CachedPackage | null>
  /** All whose keys begin with `prefix`. */
  readAll(prefix: string): Promise<CachedPackage[]>
  /** Takes a copy before it returns. */
  write(key: string, value: CachedPackage): Promise<void>
}

export interface CachedPackage {
  data: Uint8Array<ArrayBuffer>
  publishedAt: number | null
  storedAt: number
}

const cacheName = 'vitrine-packages-v1'
/** Never fetched: only names under which answers are kept. */
const addressOf = (key: string) => `https://packages.vitrine.invalid/${encodeURIComponent(key)}`

/** The browser's cache storage; memory where it is not granted, as in a private window of some browsers. */
export async function openPackageCache(): Promise<PackageCache> {
  const memory = new Map<string, CachedPackage>()
  const cache = 'caches' in globalThis ? await caches.open(cacheName).catch(() => null) : null
  if (!cache) {
    return {
      read: async (key) => memory.get(key) ?? null,
      readAll: async (prefix) => [...memory].flatMap(([key, value]) => (key.startsWith(prefix) ? value : [])),
      write: async (key, value) => void memory.set(key, { ...value, data: value.data.slice() }),
    }
  }
  return {
    async read(key) {
      const response = await cache.match(addressOf(key))
      return response ? fromResponse(response) : null
    },
    async readAll(prefix) {
      const known = await cache.keys()
      const wanted = known.filter(({ url }) => url.startsWith(addressOf(prefix)))
      const found = await Promise.all(wanted.map((request) => cache.match(request)))
      return Promise.all(found.flatMap((response) => (response ? fromResponse(response) : [])))
    },
    async write(key, { data, publishedAt, storedAt }) {
      const headers = new Headers({ 'x-stored-at': String(storedAt) })
      if (publishedAt !== null) headers.set('x-published-at', String(publishedAt))
      // A response copies the bytes that it is made of.
      await cache.put(addressOf(key), new Response(data, { headers }))
    },
  }
}

async function fromResponse(response: Response): Promise<CachedPackage> {
  const number = (name: string) => Number(response.headers.get(name) ?? Number.NaN)
  const publishedAt = number('x-published-at')
  return {
    data: new Uint8Array(await response.arrayBuffer()),
    publishedAt: Number.isFinite(publishedAt) ? publishedAt : null,
    storedAt: number('x-stored-at'),
  }
}
