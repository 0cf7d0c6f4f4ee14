import type { Chunk, ChunkLine, PatchSection } from './section'
import { splitLines, trim, trimEnd } from './text-lines'

export type ParseResult = { ok: true; sections: PatchSection[] } | { ok: false; message: string }

/** Where the parser stands among the lines between the markers. */
interface Cursor {
  lines: readonly string[]
  at: number
}

export const markers = {
  begin: '*** Begin Patch',
  end: '*** End Patch',
  add: '*** Add File: ',
  delete: '*** Delete File: ',
  update: '*** Update File: ',
  move: '*** Move to: ',
  endOfFile: '*** End of File',
  environment: '*** Environment ID: ',
} as const

const lineKinds: Record<string, ChunkLine['kind']> = { ' ': 'keep', '-': 'remove', '+': 'add' }

class PatchSyntaxError extends Error {}

/** Reads a patch exactly as the Codex CLI does, with its tolerance for padded markers and heredoc wrappers. */
export function parsePatch(patch: string): ParseResult {
  try {
    const cursor: Cursor = { lines: envelope(splitLines(trim(patch))), at: 0 }
    skipEnvironment(cursor)
    const sections: PatchSection[] = []
    while (cursor.at < cursor.lines.length && !skipEnd(cursor)) sections.push(parseSection(cursor))
    return { ok: true, sections }
  } catch (error) {
    if (error instanceof PatchSyntaxError) return { ok: false, message: error.message }
    throw error
  }
}

/** The lines between the markers. */
function envelope(lines: readonly string[]): readonly string[] {
  const heredoc = /^<<(?:EOF|'EOF'|"EOF")$/.test(lines[0] ?? '') && lines.at(-1)?.endsWith('EOF') && lines.length >= 4
  const inner = heredoc ? lines.slice(1, -1) : lines
  if (inner.length > 0 && trim(inner[0] ?? '') !== markers.begin) {
    throw new PatchSyntaxError(`Invalid patch: the first line must be '${markers.begin}'.`)
  }
  if (inner.length < 2 || trim(inner.at(-1) ?? '') !== markers.end) {
    throw new PatchSyntaxError(`Invalid patch: the last line must be '${markers.end}'.`)
  }
  return inner.slice(1, -1)
}

function skipEnvironment(cursor: Cursor) {
  const line = trim(cursor.lines[0] ?? '')
  if (!line.startsWith(markers.environment)) return
  if (line === markers.environment) throw problem(0, 'the environment id is empty')
  cursor.at += 1
}

/** An end marker before the last line: only blank lines and more end markers may follow. */
function skipEnd(cursor: Cursor): boolean {
  if (trim(cursor.lines[cursor.at] ?? '') !== markers.end) return false
  const junk = cursor.lines.slice(cursor.at).some((line) => trim(line) !== '' && trim(line) !== markers.end)
  if (junk) throw new PatchSyntaxError(`Invalid patch: the last line must be '${markers.end}'.`)
  return true
}

function parseSection(cursor: Cursor): PatchSection {
  const start = cursor.at
  const header = trim(cursor.lines[start] ?? '')
  cursor.at += 1
  if (header.startsWith(markers.add)) return parseAdd(header.slice(markers.add.length), cursor)
  if (header.startsWith(markers.delete)) return { kind: 'delete', path: header.slice(markers.delete.length) }
  if (header.startsWith(markers.update)) return parseUpdate(header.slice(markers.update.length), cursor)
  throw problem(
    start,
    `'${header}' is not a section header. Valid headers: '${markers.add}{path}', '${markers.delete}{path}', '${markers.update}{path}'`,
  )
}

function parseAdd(path: string, cursor: Cursor): PatchSection {
  let content = ''
  for (; cursor.lines[cursor.at]?.startsWith('+'); cursor.at += 1) content += `${cursor.lines[cursor.at]?.slice(1)}\n`
  return { kind: 'add', path, content }
}

function parseUpdate(path: string, cursor: Cursor): PatchSection {
  const start = cursor.at - 1
  let moveTo: string | null = null
  const chunks: Chunk[] = []
  for (let line = cursor.lines[cursor.at]; line !== undefined && !endsUpdate(line); line = cursor.lines[cursor.at]) {
    const text = trimEnd(line)
    const isMove = chunks.length === 0 && moveTo === null && text.startsWith(markers.move)
    const isIgnored = chunks.length === 0 ? text === markers.endOfFile : chunks.at(-1)?.endOfFile && trim(line) === ''
    if (isMove) moveTo = text.slice(markers.move.length)
    if (isMove || isIgnored) cursor.at += 1
    else chunks.push(parseChunk(cursor, chunks.length === 0))
  }
  if (chunks.length === 0) throw problem(start, `the update of '${path}' is empty`)
  return { kind: 'update', path, moveTo, chunks }
}

/** Only an unindented header ends an update: an indented one is a line of the file. */
function endsUpdate(line: string): boolean {
  const text = trimEnd(line)
  return text === markers.end || [markers.add, markers.delete, markers.update].some((marker) => text.startsWith(marker))
}

function parseChunk(cursor: Cursor, isFirst: boolean): Chunk {
  const chunk: Chunk = { scopes: [], lines: [], endOfFile: false, lineHint: null }
  const header = trimEnd(cursor.lines[cursor.at] ?? '')
  if (header === '@@' || header.startsWith('@@ ')) {
    if (header !== '@@') chunk.scopes.push(header.slice(3))
    cursor.at += 1
  } else if (!isFirst) {
    throw problem(cursor.at, `expected a line starting with '@@', got '${header}'`)
  }
  for (let line = cursor.lines[cursor.at]; line !== undefined; line = cursor.lines[cursor.at]) {
    if (trimEnd(line) === markers.endOfFile && chunk.lines.length > 0) {
      chunk.endOfFile = true
      cursor.at += 1
      return chunk
    }
    const kind = line === '' ? 'keep' : lineKinds[line.charAt(0)]
    if (kind === undefined) break
    chunk.lines.push({ kind, text: line.slice(1) })
    cursor.at += 1
  }
  if (chunk.lines.length === 0) throw emptyChunk(cursor)
  return chunk
}

function emptyChunk(cursor: Cursor): PatchSyntaxError {
  const line = cursor.lines[cursor.at]
  if (line === undefined || endsUpdate(line) || trimEnd(line) === markers.endOfFile) {
    return problem(cursor.at, 'the chunk has no lines')
  }
  return problem(
    cursor.at,
    `unexpected line '${line}'. Every line of a chunk starts with ' ' (kept), '+' (added) or '-' (removed)`,
  )
}

/** `index` counts within the envelope, whose first line is line 2 of the patch. */
function problem(index: number, message: string): PatchSyntaxError {
  return new PatchSyntaxError(`Invalid patch, line ${index + 2}: ${message}.`)
}
