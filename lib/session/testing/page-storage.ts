import type { PageStorage } from '../page-storage'

/** A browser's storage that a test can look into. */
export function createPageStorage(): PageStorage & { text(): string } {
  const entries = new Map<string, string>()
  return {
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
    text: () => JSON.stringify([...entries]),
  }
}
