import type { Replacement } from './emit'

export interface Position {
  /** Both 1-based. */
  line: number
  column: number
}

/** From a place in the code that runs to the place in the file it was made from. */
export type PositionMap = (place: Position) => Position

const maps = new Map<string, PositionMap[]>()

/** Maps are followed in the order in which the code was changed last to first; asked only when a stack is read. */
export function registerPositions(path: string, positions: readonly PositionMap[]) {
  if (positions.length === 0) maps.delete(path)
  else maps.set(path, [...positions])
}

export function originalPosition(path: string, place: Position): Position {
  return (maps.get(path) ?? []).reduce((position, map) => map(position), place)
}

/** For edits of a text that keep its lines; `prefix` is what stands before it on the first line. */
export function positionsOfEdits(code: string, edits: readonly Replacement[], prefix: number): PositionMap {
  let starts: number[] | undefined
  let sorted: Replacement[] = []
  return ({ line, column }) => {
    if (starts === undefined) {
      starts = lineStarts(code)
      sorted = edits.slice().sort((a, b) => a.start - b.start)
    }
    const start = starts[line - 1]
    if (start === undefined) return { line, column }
    const end = starts[line] ?? code.length + 1
    let offset = column - 1 - (line === 1 ? prefix : 0)
    // No iterators: a program may have replaced theirs, and its stacks are made here.
    sorted.every((edit) => {
      if (edit.start < start) return true
      if (edit.start >= end || edit.start - start >= offset) return false
      // Within one line only what the edit adds there counts.
      const added = (edit.text.split('\n').at(-1) ?? '').length
      const removed = edit.end - edit.start
      offset = edit.start - start + added >= offset ? edit.start - start : offset - added + removed
      return true
    })
    return { line, column: Math.max(0, Math.min(offset, end - start - 1)) + 1 }
  }
}

function lineStarts(code: string): number[] {
  const starts = [0]
  for (let index = code.indexOf('\n'); index !== -1; index = code.indexOf('\n', index + 1)) starts.push(index + 1)
  return starts
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** For a source map of version 3 with one source (the `mappings` field). */
export function positionsOfMappings(mappings: () => string): PositionMap {
  let lines: [column: number, line: number, sourceColumn: number][][] | undefined
  return ({ line, column }) => {
    lines ??= decodeMappings(mappings())
    const segments = lines[line - 1] ?? []
    const found = segments.findLast(([start]) => start <= column - 1)
    if (found === undefined) return { line, column }
    return { line: found[1] + 1, column: found[2] + 1 + Math.max(0, column - 1 - found[0]) }
  }
}

function decodeMappings(mappings: string): [number, number, number][][] {
  let [line, column] = [0, 0]
  return mappings.split(';').map((text) => {
    let generated = 0
    return text.split(',').flatMap((segment): [number, number, number][] => {
      const [shift, , lineShift = 0, columnShift = 0] = decodeNumbers(segment)
      if (shift === undefined) return []
      generated += shift
      line += lineShift
      column += columnShift
      return [[generated, line, column]]
    })
  })
}

function decodeNumbers(segment: string): number[] {
  const numbers: number[] = []
  let [value, shift] = [0, 0]
  for (const char of segment) {
    const digit = digits.indexOf(char)
    value += (digit & 31) << shift
    shift += 5
    if (digit & 32) continue
    numbers.push(value & 1 ? -(value >> 1) : value >> 1)
    value = 0
    shift = 0
  }
  return numbers
}
