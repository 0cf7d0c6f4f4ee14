import { encodeUtf8 } from '@/lib/base'
import { sha256 } from './content-key'

/** Path → content key: a whole tree without its contents. */
export type Manifest = ReadonlyMap<string, string>

export interface CheckpointInfo {
  id: string
  at: number
  label: string
  turnId: string | null
  /** The checkpoint that holds its files: nothing was changed since that one. */
  filesOf?: string
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

/**
 * What may go when space is short: all but the first, the last 20, and the last of each day (UTC). `list` is oldest first.
 * Those without files of their own cost next to nothing: they stay as long as the one that has them.
 */
export function prunableCheckpoints(list: readonly CheckpointInfo[]): string[] {
  const whole = list.filter(({ filesOf }) => filesOf === undefined)
  const lastOfDay = new Map(whole.map(({ at, id }) => [Math.floor(at / 86_400_000), id]))
  const kept = new Set([whole[0]?.id, ...whole.slice(-keptRecent).map(({ id }) => id), ...lastOfDay.values()])
  return list.filter(({ id, filesOf }) => !kept.has(filesOf ?? id)).map(({ id }) => id)
}
