import { createId, VitrineError } from '@/lib/base'

export interface KeptInputs {
  /** All items, oldest first. Throws `input_unknown` when `id` is not known any more: the client sends all again. */
  read(id: string, owner: string): unknown[]
  /** Keeps `items` behind those of `parent`. Returns the id to go on from. */
  keep(input: { parent: string | null; items: readonly unknown[]; owner: string }): string
}

interface Entry {
  parent: string | null
  items: readonly unknown[]
  owner: string
  /** Characters of the items as JSON. */
  size: number
  usedAt: number
}

/**
 * What clients have sent, for a while, in memory: a turn then sends what is new instead of its whole history with each
 * step. Entries are a tree, since a thread forks and attempts share a beginning. Only who sent them can name them.
 */
export function createKeptInputs({
  maxSize = 64 * 1024 * 1024,
  maxItemsSize = 2 * 1024 * 1024,
  lifetimeMs = 15 * 60_000,
  now = Date.now,
} = {}): KeptInputs {
  /** Least recently used first; what an entry builds on is always used no earlier than the entry itself. */
  const entries = new Map<string, Entry>()
  let total = 0

  const chainOf = (id: string, owner: string): Entry[] => {
    const chain: Entry[] = []
    for (let at: string | null = id; at !== null; ) {
      const entry = entries.get(at)
      if (entry?.owner !== owner) throw new VitrineError('input_unknown', 'The beginning of this input is not kept.')
      chain.push(entry)
      touch(at, entry)
      at = entry.parent
    }
    return chain.reverse()
  }

  const touch = (id: string, entry: Entry): void => {
    entry.usedAt = now()
    entries.delete(id)
    entries.set(id, entry)
  }

  const makeRoom = (): void => {
    for (const [id, entry] of entries) {
      if (total <= maxSize && now() - entry.usedAt <= lifetimeMs) return
      entries.delete(id)
      total -= entry.size
    }
  }

  return {
    read: (id, owner) => {
      makeRoom()
      return chainOf(id, owner).flatMap((entry) => entry.items)
    },

    keep({ parent, items, owner }) {
      const size = JSON.stringify(items).length
      const before = parent === null ? 0 : chainOf(parent, owner).reduce((sum, entry) => sum + entry.size, 0)
      if (before + size > maxItemsSize) throw new VitrineError('request_too_large', 'The input is too large.')
      const id = createId('input_')
      entries.set(id, { parent, items, owner, size, usedAt: now() })
      total += size
      makeRoom()
      return id
    },
  }
}
