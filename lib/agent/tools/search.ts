import * as z from 'zod'
import { plural } from '@/lib/base'
import { isSecretFile } from '@/lib/safety'
import type { SymbolFile } from '@/lib/sandbox'
import type { FileMap } from '@/lib/workspace'
import { globToRegex } from './glob'
import { jsonTool } from './json-tool'
import { isInside, toProjectPath } from './paths'
import { regexProblem } from './regex-guard'
import { exportedSymbols, type SymbolHit, sourceOfSymbols } from './symbol-hits'

export const maxMatches = 200
const maxLineLength = 300
/** Patterns see this much of a line: with the limits of `regexProblem` the worst line then takes seconds, not for ever. */
const maxPatternLine = 400
/** A search that takes longer than this many milliseconds shows what it has. */
const budgetMs = 2000

type Matcher = { ok: true; matches: (line: string) => boolean } | { ok: false; message: string }

export const search = jsonTool({
  name: 'search',
  description:
    'Searches the project’s files (not node_modules). kind: "text" (default, any case), "regex" (JavaScript), "glob" (file names, e.g. src/**/*.ts), "symbol" (where a name is defined, and for exports their signature and use).',
  arguments: z.object({
    query: z.string().min(1),
    kind: z.enum(['text', 'regex', 'glob', 'symbol']).optional(),
    path: z.string().optional().describe('a folder or file to stay in'),
  }),
  parallel: true,
  describe: ({ query, kind = 'text', path }) => ({
    title: `Search “${query}”`,
    detail: path ? `${kind} in ${path}` : kind,
  }),
  effect: () => null,
  async execute({ query, kind = 'text', path = '' }, { workspace, seen, symbols }) {
    const folder = toProjectPath(path)
    if (folder === null) return { ok: false, output: `${path} is outside the project.`, summary: 'outside the project' }
    const files = new Map([...workspace.files].filter(([name]) => isInside(name, folder)))
    if (files.size === 0)
      return { ok: false, output: `There are no files in ${path || 'the project'}.`, summary: 'no files' }
    if (kind === 'glob') return report(globMatches(files, query), 'file', false)
    const matcher = createMatcher(query, kind)
    if (!matcher.ok) return { ok: false, output: matcher.message, summary: 'bad pattern' }
    // Files that hold secrets are read one by one, each with the user's consent.
    const readable = new Map([...files].filter(([name]) => !isSecretFile(name)))
    const known = kind === 'symbol' ? await symbols() : new Map<string, SymbolFile>()
    const exported = kind === 'symbol' ? exportedSymbols(query, readable, known).slice(0, maxMatches) : []
    const { found, paths, cut } = lineMatches(readable, matcher.matches, exported)
    for (const hit of paths) seen.noteIfNew(hit, String(readable.get(hit)))
    return report(found, 'match', cut, kind === 'symbol' ? sourceOfSymbols(readable.keys(), known) : undefined)
  },
})

/** `how` says how they were found, where that matters. */
function report(found: readonly string[], noun: 'file' | 'match', cut: boolean, how?: string) {
  const count = plural(found.length, noun, noun === 'match' ? 'matches' : 'files')
  const summary = cut ? `first ${count}` : count
  const hint = cut ? '\n(cut here; narrow the query or the path)' : ''
  const head = how === undefined ? summary : `${summary} (${how})`
  return { ok: true, output: [head, ...found].join('\n') + hint, summary }
}

function globMatches(files: FileMap, query: string): string[] {
  const pattern = globToRegex(query)
  return [...files.keys()].filter((path) => pattern.test(path)).sort()
}

function createMatcher(query: string, kind: 'text' | 'regex' | 'symbol'): Matcher {
  if (kind === 'text') {
    const wanted = query.toLowerCase()
    return { ok: true, matches: (line) => line.toLowerCase().includes(wanted) }
  }
  if (kind === 'symbol') {
    const pattern = definitionOf(query)
    return { ok: true, matches: (line) => pattern.test(line.slice(0, maxPatternLine)) }
  }
  const problem = regexProblem(query)
  if (problem !== null) return { ok: false, message: `The pattern was not run: ${problem}` }
  const pattern = new RegExp(query)
  return { ok: true, matches: (line) => pattern.test(line.slice(0, maxPatternLine)) }
}

/** Lines that look like the definition of a name, in JavaScript, TypeScript and Python. */
function definitionOf(name: string): RegExp {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const keyword = '(?:function\\*?|class|interface|type|enum|namespace|const|let|var|def)'
  const declared = `\\b${keyword}\\s+${escaped}(?![\\w$])`
  const member = `^\\s*(?:(?:public|private|protected|static|readonly|async|get|set|override|#)\\s*)*${escaped}\\s*(?:\\([^)]*\\)[^;=]*\\{|[:=]\\s*(?:async\\s*)?(?:\\(|function\\b))`
  return new RegExp(`${declared}|${member}`)
}

/** `first` are shown before all others, and not twice. */
function lineMatches(
  files: FileMap,
  matches: (line: string) => boolean,
  first: readonly SymbolHit[] = [],
): { found: string[]; paths: Set<string>; cut: boolean } {
  const until = performance.now() + budgetMs
  const lineAt = (path: string, line: number) => String(files.get(path)).split('\n')[line - 1] ?? ''
  const show = (path: string, line: number, text: string) => `${path}:${line}: ${text.trim().slice(0, maxLineLength)}`
  const found = first.map(({ path, line, note }) => `${show(path, line, lineAt(path, line))}  [${note}]`)
  const paths = new Set(first.map(({ path }) => path))
  const places = new Set(first.map(({ path, line }) => `${path}:${line}`))
  for (const path of [...files.keys()].sort()) {
    const data = files.get(path)
    if (typeof data !== 'string') continue
    for (const [index, line] of data.split('\n').entries()) {
      if (found.length >= maxMatches || performance.now() > until) return { found, paths, cut: true }
      if (!matches(line) || places.has(`${path}:${index + 1}`)) continue
      found.push(show(path, index + 1, line))
      paths.add(path)
    }
  }
  return { found, paths, cut: false }
}
