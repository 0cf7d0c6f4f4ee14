import type { ParseResult } from './parse'
import { markers } from './parse'
import { parseUnified } from './parse-unified'
import { readChunks } from './read-chunks'
import type { Chunk, PatchSection } from './section'
import { splitLines } from './text-lines'

const beginLine = /^\s*\*{3}\s*begin\s+patch\b.*$/i
const endLine = /^\s*\*{3}\s*end\s+patch\b.*$/i
const headerLine = /^\*{3}\s*(add|create|delete|remove|update|modify)\s+file:?\s*(.*?)\s*$/i
const moveLine = /^\s*\*{3}\s*move\s+to:?\s*(.*?)\s*$/i

/**
 * Reads a patch in the forms models slip into: inside prose, markdown fences or a heredoc, indented as a whole, with
 * unified diff headers, or as a plain unified diff. A patch without its end marker may be cut off and is refused.
 */
export function parseLenient(patch: string): ParseResult {
  const lines = splitLines(patch.replace(/^\ufeff/, ''))
  const begin = lines.findIndex((line) => beginLine.test(line) || headerLine.test(line.trimStart()))
  if (begin === -1) return parseUnified(lines)
  const end = lines.findLastIndex((line) => endLine.test(line))
  if (end < begin) {
    return fail(`The patch has no '${markers.end}' line; it may be cut off. Send the whole patch again.`)
  }
  const first = beginLine.test(lines[begin] ?? '') ? begin + 1 : begin
  return parseSections(dedent(lines.slice(first, end), lines[begin] ?? ''))
}

/** Removes the indent of the whole patch, when every line has it. */
function dedent(lines: readonly string[], begin: string): string[] {
  const indent = /^\s*/.exec(begin)?.[0] ?? ''
  const shared = indent !== '' && lines.every((line) => line.trim() === '' || line.startsWith(indent))
  return lines.map((line) => (shared ? line.slice(indent.length) : line))
}

function parseSections(lines: readonly string[]): ParseResult {
  const sections: PatchSection[] = []
  let at = 0
  while (at < lines.length) {
    const line = (lines[at] ?? '').trim()
    at += 1
    const header = headerLine.exec(line)
    if (header === null) {
      if (line === '' || beginLine.test(line) || endLine.test(line) || line.startsWith(markers.environment.trim()))
        continue
      return fail(
        `'${line}' is not a section header. Valid headers: '${markers.add}{path}', '${markers.delete}{path}', '${markers.update}{path}'.`,
      )
    }
    const start = at
    while (at < lines.length && !isSectionEnd(lines[at] ?? '', header[1] ?? '')) at += 1
    const section = readSection(header[1]?.toLowerCase() ?? '', cleanPath(header[2] ?? ''), lines.slice(start, at))
    if ('message' in section) return section
    sections.push(section)
  }
  return { ok: true, sections }
}

/** In an update only unindented: an indented header is a line of the file. */
function isSectionEnd(padded: string, verb: string): boolean {
  const line = /^(update|modify)$/i.test(verb) ? padded : padded.trimStart()
  return headerLine.test(line) || (line.startsWith('*') && (beginLine.test(line) || endLine.test(line)))
}

function readSection(verb: string, path: string, body: readonly string[]): PatchSection | ReturnType<typeof fail> {
  if (path === '') return fail('A section header has no path.')
  if (verb === 'delete' || verb === 'remove') {
    const extra = body.find((line) => line.trim() !== '' && !line.startsWith('-') && !line.startsWith('@@'))
    return extra === undefined
      ? { kind: 'delete', path }
      : fail(`Unexpected line after '${markers.delete}${path}': '${extra}'.`)
  }
  if (verb === 'add' || verb === 'create') return readAdd(path, body)
  const move = moveLine.exec(body.find((line) => line.trim() !== '') ?? '')
  const moveTo = move === null ? null : cleanPath(move[1] ?? '')
  const rest = move === null ? body : body.slice(body.findIndex((line) => line.trim() !== '') + 1)
  const read = readChunks(withoutFileHeaders(rest))
  if (!read.ok) return fail(`In the update of '${path}': ${read.message}`)
  const chunks: Chunk[] = read.chunks
  if (chunks.length === 0 && moveTo === null) return fail(`The update of '${path}' is empty.`)
  return { kind: 'update', path, moveTo, chunks }
}

function readAdd(path: string, body: readonly string[]): PatchSection | ReturnType<typeof fail> {
  const lines = withoutFileHeaders(body).filter((line) => !/^@@ -0,0 /.test(line) && !line.startsWith('\\ No newline'))
  while (lines.at(-1)?.trim() === '') lines.pop()
  const marked = lines.filter((line) => line.startsWith('+'))
  if (marked.length > 0 && lines.some((line) => line.trim() !== '' && !line.startsWith('+'))) {
    const bare = lines.find((line) => line.trim() !== '' && !line.startsWith('+'))
    return fail(`In the new file '${path}' every line must start with '+'; this one does not: '${bare}'.`)
  }
  const texts = marked.length > 0 ? lines.map((line) => line.slice(1)) : lines
  return { kind: 'add', path, content: texts.map((text) => `${text}\n`).join('') }
}

/** Drops `diff --git`, `index` and `---`/`+++` lines that repeat what the section header says. */
function withoutFileHeaders(body: readonly string[]): string[] {
  const lines = [...body]
  while (lines.length > 0) {
    const [first = '', second = ''] = lines
    if (/^(diff --git |index [0-9a-f]+\.\.)/.test(first)) lines.shift()
    else if (/^--- \S/.test(first) && /^\+\+\+ \S/.test(second)) lines.splice(0, 2)
    else break
  }
  return lines
}

function cleanPath(path: string): string {
  return path.replace(/^[`'"]+|[`'"]+$/g, '').replace(/^\.\//, '')
}

function fail(message: string): { ok: false; message: string } {
  return { ok: false, message }
}
