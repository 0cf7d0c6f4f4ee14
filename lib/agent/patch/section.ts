/** One line of a chunk: kept, removed or added; `text` is without the marker and the line ending. */
export interface ChunkLine {
  kind: 'keep' | 'remove' | 'add'
  text: string
}

/** One contiguous replacement within a file. */
export interface Chunk {
  /** Lines to pass, in order, before the chunk's own lines are looked for: a class, then a method. */
  scopes: string[]
  lines: ChunkLine[]
  /** The chunk's lines stand at the end of the file. */
  endOfFile: boolean
  /** 1-based line of a unified diff header; a hint, never a demand. */
  lineHint: number | null
}

/** What a patch does to one file. */
export type PatchSection =
  | { kind: 'add'; path: string; content: string }
  | { kind: 'delete'; path: string }
  | { kind: 'update'; path: string; moveTo: string | null; chunks: Chunk[] }

/** The lines that the file must have for the chunk to apply. */
export function oldLines(chunk: Chunk): string[] {
  return chunk.lines.filter((line) => line.kind !== 'add').map((line) => line.text)
}

export function newLines(chunk: Chunk): string[] {
  return chunk.lines.filter((line) => line.kind !== 'remove').map((line) => line.text)
}
