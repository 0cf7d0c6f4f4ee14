import type { ReviewFile } from '@/lib/session/types'
import type { ReviewPlace } from './open-review'

/** Everything that can be judged by itself, in the order in which it is shown. */
export function placesOf(files: readonly ReviewFile[]): ReviewPlace[] {
  return files.flatMap(({ path, hunks }): ReviewPlace[] =>
    hunks.length === 0 ? [{ path, hunkId: null }] : hunks.map(({ id, key }) => ({ path, hunkId: id, key })),
  )
}

/** The place among those that are left: itself, else what its lines became, the first of its file, the first of all. */
export function resolvePlace(files: readonly ReviewFile[], at: ReviewPlace | null): ReviewPlace | null {
  const places = placesOf(files)
  const sameFile = places.filter(({ path }) => path === at?.path)
  const same = sameFile.find(({ key }) => key !== undefined && key === at?.key)
  return same ?? sameFile.find(({ hunkId }) => hunkId === at?.hunkId) ?? sameFile[0] ?? places[0] ?? null
}

/** The place `step` further, around the ends. */
export function nextPlace(files: readonly ReviewFile[], at: ReviewPlace | null, step: 1 | -1): ReviewPlace | null {
  const places = placesOf(files)
  const now = resolvePlace(files, at)
  const index = places.findIndex(({ path, hunkId }) => path === now?.path && hunkId === now.hunkId)
  return places.at((index + step) % places.length) ?? null
}
