import type { ParseResult } from './parse'
import { readChunks } from './read-chunks'
import type { PatchSection } from './section'

/** Reads a unified diff (`diff -u`, `git diff`), fenced or not; anything else is refused with the expected form. */
export function parseUnified(lines: readonly string[]): ParseResult {
  const starts = lines.flatMap((_, index) => (isFileStart(lines, index) || isBareRename(lines, index) ? [index] : []))
  const sections: PatchSection[] = []
  for (const [order, start] of starts.entries()) {
    const body = lines.slice(start, starts[order + 1] ?? lines.length)
    const section = readFile(body)
    if ('message' in section) return section
    sections.push(section)
  }
  if (sections.length > 0) return { ok: true, sections }
  return {
    ok: false,
    message:
      "This is not a patch. Start with '*** Begin Patch', then '*** Update File: {path}', '@@' and lines that start with ' ', '-' or '+', and end with '*** End Patch'.",
  }
}

function isFileStart(lines: readonly string[], index: number): boolean {
  return /^--- \S/.test(lines[index] ?? '') && /^\+\+\+ \S/.test(lines[index + 1] ?? '')
}

function isBareRename(lines: readonly string[], index: number): boolean {
  if (!lines[index]?.startsWith('rename from ') || !lines[index + 1]?.startsWith('rename to ')) return false
  return !isFileStart(lines, index + 2) && !isFileStart(lines, index + 3)
}

function readFile(body: readonly string[]): PatchSection | { ok: false; message: string } {
  const [first = '', second = ''] = body
  if (first.startsWith('rename from ')) {
    return { kind: 'update', path: first.slice(12), moveTo: second.slice(10), chunks: [] }
  }
  const before = pathOf(first)
  const after = pathOf(second)
  const read = readChunks(hunkLines(body.slice(2)))
  if (!read.ok) return { ok: false, message: `In the diff of '${after ?? before}': ${read.message}` }
  if (after === null)
    return before === null ? { ok: false, message: 'A diff names no file.' } : { kind: 'delete', path: before }
  if (before === null) {
    const added = read.chunks.flatMap((chunk) => chunk.lines).filter((line) => line.kind === 'add')
    return { kind: 'add', path: after, content: added.map((line) => `${line.text}\n`).join('') }
  }
  return { kind: 'update', path: before, moveTo: before === after ? null : after, chunks: read.chunks }
}

/** Up to the next file's headers or the closing fence. */
function hunkLines(lines: readonly string[]): string[] {
  const end = lines.findIndex((line) => /^(diff --git |index [0-9a-f]+\.\.|```)/.test(line))
  const hunk = lines.slice(0, end === -1 ? lines.length : end)
  while (hunk.at(-1)?.trim() === '') hunk.pop()
  return hunk
}

function pathOf(header: string): string | null {
  const path = header.slice(4).replace(/\t.*$/, '').trim()
  if (path === '/dev/null') return null
  return path.replace(/^"|"$/g, '').replace(/^[ab]\//, '')
}
