import type { Chunk, ChunkLine } from './section'

const rangeHeader = /^@@+\s*-(\d+)(?:,\d+)?\s+\+\d+(?:,\d+)?\s*@@+.*$/
const kinds: Record<string, ChunkLine['kind']> = { ' ': 'keep', '-': 'remove', '+': 'add' }

/** Reads the chunks of one file: `@@`, `@@ scope`, several scopes in a row, or `@@ -1,3 +1,4 @@` headers. */
export function readChunks(body: readonly string[]): { ok: true; chunks: Chunk[] } | { ok: false; message: string } {
  const chunks: Chunk[] = []
  let chunk: Chunk | null = null
  for (const line of body) {
    const current: Chunk | null = chunk
    if (isHeader(line, current)) {
      const open: Chunk = current !== null && current.lines.length === 0 ? current : startChunk(chunks)
      readHeader(line.trim(), open)
      chunk = open
    } else if (line.trim() === '*** End of File') {
      if (current !== null) current.endOfFile = true
    } else if (current === null && line.trim() === '') {
      // Blank lines before the first chunk separate; inside one they are blank lines of the file.
    } else if (!line.startsWith('\\ No newline at end of file')) {
      const open: Chunk = current === null || current.endOfFile ? startChunk(chunks) : current
      open.lines.push(readLine(line))
      chunk = open
    }
  }
  const empty = chunks.find((entry) => entry.lines.length === 0)
  if (empty !== undefined) return { ok: false, message: `the chunk '@@ ${empty.scopes.join(' @@ ')}' has no lines.` }
  return {
    ok: true,
    chunks: chunks.filter((entry) => entry.lines.some((line) => line.kind !== 'keep' || line.text !== '')),
  }
}

function startChunk(chunks: Chunk[]): Chunk {
  const chunk: Chunk = { scopes: [], lines: [], endOfFile: false, lineHint: null }
  chunks.push(chunk)
  return chunk
}

/** A padded header counts only where no chunk is open; inside one it may be a line of the file. */
function isHeader(line: string, current: Chunk | null): boolean {
  return line.startsWith('@@') || ((current === null || current.lines.length === 0) && line.trim().startsWith('@@'))
}

function readHeader(header: string, chunk: Chunk) {
  const range = rangeHeader.exec(header)
  if (range !== null) {
    chunk.lineHint = Number(range[1])
    return
  }
  // `@@ ... @@` says nothing; a closing `@@` is decoration.
  const scope = header.replace(/^@@+\s?/, '').replace(/\s*@@+$/, '')
  if (scope.trim() !== '' && scope.trim() !== '...') chunk.scopes.push(scope)
}

/** A line without a marker is taken as one to keep: models forget the leading space. */
function readLine(line: string): ChunkLine {
  if (line === '') return { kind: 'keep', text: '' }
  const kind = kinds[line.charAt(0)]
  return kind === undefined ? { kind: 'keep', text: line } : { kind, text: line.slice(1) }
}
