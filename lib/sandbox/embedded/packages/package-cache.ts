/** What the tab keeps of the registry: tarballs under their checksum for good, metadata under its path for a while. */
export interface PackageCache {
  read(key: string): Promise<CachedPackage | null>
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
      write: async (key, value) => void memory.set(key, value),
    }
  }
  return {
    async read(key) {
      const response = await cache.match(addressOf(key))
      if (!response) return null
      const number = (name: string) => Number(response.headers.get(name) ?? Number.NaN)
      const publishedAt = number('x-published-at')
      return {
        data: new Uint8Array(await response.arrayBuffer()),
        publishedAt: Number.isFinite(publishedAt) ? publishedAt : null,
        storedAt: number('x-stored-at'),
      }
    },
    async write(key, { data, publishedAt, storedAt }) {
      const headers = new Headers({ 'x-stored-at': String(storedAt) })
      if (publishedAt !== null) headers.set('x-published-at', String(publishedAt))
      await cache.put(addressOf(key), new Response(data, { headers }))
    },
  }
}
