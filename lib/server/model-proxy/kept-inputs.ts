import { createId, VitrineError } from '@/lib/base'

export interface KeptInputs {
  /** All items, oldest first. Throws `input_unknown` when `id` is not known any more: the client sends all again. */
  read(id: string, owner: string): unknown[]
  /** Keeps `items` behind those of `parent`. Returns the id to go on from. */
  keep(input: { parent: string | null; items: readonly unknown[]; owner: string }): string
}

interface Entry {
  parent: string | null
  /** The items as JSON: as objects, small ones take up to twenty times what they were sent in. */
  json: string
  owner: string
  usedAt: number
}

/**
 * What clients have sent, for a while, in memory: a turn then sends what is new instead of its whole history with each
 * step. Entries are a tree, since a thread forks and attempts share a beginning. Only who sent them can name them.
 */
export function createKeptInputs({
  /** Characters, as JSON; they bound the memory that clients can take. */
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
      total -= entry.json.length
    }
  }

  return {
    read: (id, owner) => {
      makeRoom()
      return chainOf(id, owner).flatMap(({ json }): unknown[] => JSON.parse(json))
    },

    keep({ parent, items, owner }) {
      const json = JSON.stringify(items)
      const id = createId('input_')
      const before = parent === null ? [] : chainOf(parent, owner)
      const size = before.reduce((sum, entry) => sum + entry.json.length, json.length)
      if (size > maxItemsSize) throw new VitrineError('request_too_large', 'The input is too large.')
      entries.set(id, { parent, json, owner, usedAt: now() })
      // Again: what it builds on is forgotten after it.
      if (parent !== null) chainOf(parent, owner)
      total += json.length
      makeRoom()
      return id
    },
  }
}
