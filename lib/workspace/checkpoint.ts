import { encodeUtf8 } from '@/lib/base'
import { sha256 } from './content-key'

/** Path → content key: a whole tree without its contents. */
export type Manifest = ReadonlyMap<string, string>

export interface CheckpointInfo {
  id: string
  at: number
  label: string
  turnId: string | null
}

/** Where the conversation stood: the thread and how many of its events had happened. */
export interface ThreadPosition {
  threadId: string
  events: number
}

/** Equal trees, equal hash, whatever the order of the map. */
export function treeHash(manifest: Manifest): string {
  const lines = [...manifest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, key]) => `${path}\0${key}\n`)
  return sha256(encodeUtf8(lines.join('')))
}

const keptRecent = 20

/** What may go when space is short: all but the first, the last 20, and the last of each day (UTC). `list` is oldest first. */
export function prunableCheckpoints(list: readonly CheckpointInfo[]): string[] {
  const lastOfDay = new Map(list.map(({ at, id }) => [Math.floor(at / 86_400_000), id]))
  const kept = new Set([list[0]?.id, ...list.slice(-keptRecent).map(({ id }) => id), ...lastOfDay.values()])
  return list.filter(({ id }) => !kept.has(id)).map(({ id }) => id)
}
