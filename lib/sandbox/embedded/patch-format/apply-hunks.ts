import type { PatchHunk } from './parse-patch'

export interface HunkOutcome {
  /** Where it went, from 1; null when its lines are nowhere. */
  line: number | null
  offset: number
  /** Lines of context that were left out to make it fit. */
  fuzz: number
}

export interface Placing {
  /** How many lines of context may be left out. */
  maxFuzz: number
  /** A hunk of the first line goes to the beginning, one without context below to the end: git's way. */
  isAnchored?: boolean
}

/** Hunks on the lines of a file, each where its lines are found nearest to where it says, as GNU's `patch` looks for them. */
export function applyHunks(lines: readonly string[], hunks: readonly PatchHunk[], placing: Placing) {
  const parts: (readonly string[])[] = []
  const outcomes: HunkOutcome[] = []
  let at = 0
  let offset = 0
  for (const hunk of hunks) {
    const found = findHunk(lines, hunk, { from: at, offset, ...placing })
    if (!found) {
      outcomes.push({ line: null, offset: 0, fuzz: 0 })
      continue
    }
    parts.push(lines.slice(at, found.at), hunk.after.slice(found.leading, hunk.after.length - found.trailing))
    at = found.at + hunk.before.length - found.leading - found.trailing
    const expected = Math.max(0, hunk.start - 1) + found.leading
    offset = found.at - (hunk.before.length === 0 ? hunk.start : expected)
    outcomes.push({ line: hunk.newStart + offset, offset, fuzz: found.fuzz })
  }
  parts.push(lines.slice(at))
  return { lines: parts.flat(), outcomes }
}

interface Place {
  at: number
  leading: number
  trailing: number
  fuzz: number
}

function findHunk(
  lines: readonly string[],
  hunk: PatchHunk,
  { from, offset, maxFuzz, isAnchored = false }: Placing & { from: number; offset: number },
): Place | null {
  const context = Math.max(hunk.leading, hunk.trailing)
  for (let fuzz = 0; fuzz <= Math.min(maxFuzz, context); fuzz++) {
    const leading = Math.max(0, fuzz + hunk.leading - context)
    const trailing = Math.max(0, fuzz + hunk.trailing - context)
    const wanted = hunk.before.slice(leading, hunk.before.length - trailing)
    const expected = (hunk.before.length === 0 ? hunk.start : Math.max(0, hunk.start - 1)) + leading + offset
    const isAt = (place: number) =>
      place >= from &&
      place + wanted.length <= lines.length &&
      (!isAnchored || hunk.start > 1 || place === 0) &&
      (!isAnchored || hunk.trailing > 0 || place + wanted.length === lines.length) &&
      wanted.every((line, index) => lines[place + index] === line)
    for (let distance = 0; distance <= lines.length; distance++) {
      for (const place of distance === 0 ? [expected] : [expected + distance, expected - distance])
        if (isAt(place)) return { at: place, leading, trailing, fuzz }
    }
  }
  return null
}
