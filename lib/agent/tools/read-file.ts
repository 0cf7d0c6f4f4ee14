import * as z from 'zod'
import { byteLength } from '@/lib/base'
import { isSecretFile } from '@/lib/safety'
import { jsonTool } from './json-tool'
import { missingPath, toProjectPath } from './paths'

/** Of one answer. The model asks for ranges of longer files. */
const maxReadBytes = 40_000
const maxReadLines = 1000

export const readFile = jsonTool({
  name: 'read_file',
  description: `Reads a text file of the project with line numbers; at most ${maxReadLines} lines at once.`,
  arguments: z.object({
    path: z.string().describe('relative to the project'),
    start_line: z.number().optional().describe('first line, from 1'),
    end_line: z.number().optional().describe('last line, included'),
  }),
  parallel: true,
  describe: ({ path, start_line, end_line }) => ({
    title: `Read ${path}`,
    detail: start_line === undefined ? path : `${path}:${start_line}–${end_line ?? ''}`,
  }),
  // What it says would leave the tab with the next request.
  effect: ({ path }) => (isSecretFile(path) ? { kind: 'command', command: `cat ${quote(path)}` } : null),
  async execute({ path, start_line = 1, end_line = Number.POSITIVE_INFINITY }, { workspace, seen }) {
    const name = toProjectPath(path)
    const data = name === null ? undefined : workspace.files.get(name)
    if (data === undefined) return { ok: false, output: missingPath(workspace.files, path), summary: 'not found' }
    if (typeof data !== 'string') {
      return {
        ok: false,
        output: `${name} is a binary file of ${data.byteLength} bytes; it cannot be read as text.`,
        summary: 'binary',
      }
    }
    if (name !== null) seen.note(name, data)
    const lines = splitLines(data)
    if (lines.length === 0) return { ok: true, output: `${name} is empty.`, summary: 'empty' }
    const first = Math.max(1, Math.floor(start_line))
    const last = Math.min(lines.length, Math.floor(end_line))
    if (first > last) {
      return {
        ok: false,
        output: `${name} has ${lines.length} lines; ${first}–${end_line} is not among them.`,
        summary: 'no such lines',
      }
    }
    const shown = numbered(lines, first, last)
    const end = first + shown.length - 1
    const range = `lines ${first}–${end} of ${lines.length}`
    const rest = end < last ? `\n(cut here; go on with start_line ${end + 1})` : ''
    return { ok: true, output: `${name}, ${range}\n${shown.join('\n')}${rest}`, summary: range }
  },
})

function quote(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`
}

function splitLines(text: string): string[] {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''))
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** `12\ttext`, as far as one answer may go. One line always fits: minified files are cut within it. */
function numbered(lines: readonly string[], first: number, last: number): string[] {
  const shown: string[] = []
  let bytes = 0
  for (let line = first; line <= last && shown.length < maxReadLines; line++) {
    const text = `${line}\t${lines[line - 1]}`
    bytes += byteLength(text) + 1
    if (bytes > maxReadBytes && shown.length > 0) break
    shown.push(bytes > maxReadBytes ? `${text.slice(0, maxReadBytes)}… (line cut)` : text)
  }
  return shown
}
