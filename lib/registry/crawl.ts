import { type ErrorCode, messageOf, VitrineError } from '@/lib/base'
import type { Manifest, Packument } from './packument'
import { labelOf, type Want } from './want'
import { wantOf } from './want-of'

/**
 * What a crawl says of one want: the versions that may be taken (see `choose`), or why there are none. `guest`: so far only
 * optional peers asked for it, which npm places for nobody.
 */
export type CrawlLine = { for: Want } & (
  | { packument: Packument; guest?: true }
  | { error: { code: ErrorCode; message: string } }
)

export interface CrawlOptions {
  /** The answer to one want, as `choose` makes it. */
  look(want: Want): Promise<Packument>
  signal: AbortSignal
  /** A crawl ends there, with the rest unanswered. */
  maxLines: number
  maxAtATime: number
}

/**
 * Looks up packages and all that they depend on, so that a tab asks once instead of once a package. It goes where npm's
 * resolver goes: to dependencies and peers; of an optional peer, which npm places for nobody, to its peers only.
 */
export async function* crawl(wants: Iterable<Want>, options: CrawlOptions): AsyncGenerator<CrawlLine> {
  const { look, signal, maxLines, maxAtATime } = options
  const seen = new Map<string, { isPlaced: boolean; taken: Manifest[] }>()
  const waiting: Want[] = []
  const running = new Set<Promise<void>>()
  const lines: CrawlLine[] = []
  let begun = 0

  function want(wanted: Want, isPlaced: boolean): void {
    const known = seen.get(labelOf(wanted))
    if (!known) {
      seen.set(labelOf(wanted), { isPlaced, taken: [] })
      waiting.push(wanted)
    } else if (isPlaced && !known.isPlaced) {
      known.isPlaced = true
      for (const manifest of known.taken) follow(manifest, true)
    }
  }

  function follow(manifest: Manifest, isPlaced: boolean): void {
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = manifest
    const each = (ranges: Record<string, string> | undefined, isPlacedToo: (name: string) => boolean) => {
      for (const [name, range] of Object.entries(ranges ?? {})) {
        const wanted = wantOf(name, range)
        if (wanted) want(wanted, isPlacedToo(name))
      }
    }
    if (isPlaced) each({ ...dependencies, ...optionalDependencies }, () => true)
    each(peerDependencies, (name) => isPlaced && peerDependenciesMeta?.[name]?.optional !== true)
  }

  async function answer(wanted: Want): Promise<void> {
    try {
      const packument = await look(wanted)
      const taken = Object.values(packument.versions)
      const { isPlaced = true } = seen.get(labelOf(wanted)) ?? {}
      seen.set(labelOf(wanted), { isPlaced, taken })
      for (const manifest of taken) follow(manifest, isPlaced)
      lines.push({ for: wanted, packument, ...(!isPlaced && { guest: true }) })
    } catch (error) {
      const code = error instanceof VitrineError ? error.code : 'registry_unreachable'
      lines.push({ for: wanted, error: { code, message: messageOf(error) } })
    }
  }

  for (const wanted of wants) want(wanted, true)
  while (!signal.aborted) {
    while (running.size < maxAtATime && begun < maxLines) {
      const next = waiting.shift()
      if (!next) break
      begun += 1
      const answering = answer(next).finally(() => running.delete(answering))
      running.add(answering)
    }
    if (running.size === 0) return
    await Promise.race(running)
    yield* lines.splice(0)
  }
}
