import { diffRegions, type FileChange, splitLines } from '@/lib/workspace'

/** The lines of the new side that a change added or altered, 1-based. */
export function changedLineNumbers({ before, after }: FileChange): ReadonlySet<number> {
  if (typeof after !== 'string') return new Set()
  const regions = diffRegions(splitLines(typeof before === 'string' ? before : ''), splitLines(after))
  return new Set(
    regions.flatMap(({ afterStart, afterEnd }) =>
      Array.from({ length: afterEnd - afterStart }, (_, index) => afterStart + index + 1),
    ),
  )
}
