import * as z from 'zod'
import { createId, messageOf } from '@/lib/base'
import type { FileMap } from '@/lib/workspace'
import { toProjectPath } from '../tools/paths'
import type { Finding } from './finding'

// The page's policy forbids eval; zod would probe for it, and the browser would report a violation.
z.config({ jitless: true })

/** What a report came to. `strays` are findings about files or lines that the project does not have. */
export interface Report {
  overview: string
  findings: readonly Finding[]
  strays: number
}

const maxFindings = 50
const maxTitle = 120
const maxBody = 4000

const words: Record<string, number> = {
  critical: 0,
  blocker: 0,
  high: 1,
  major: 1,
  error: 1,
  medium: 2,
  moderate: 2,
  warning: 2,
  low: 3,
  minor: 3,
  info: 3,
  nit: 3,
}
const certainties: Record<string, number> = { certain: 1, high: 0.9, medium: 0.6, low: 0.3 }

const text = z.union([z.string(), z.number()]).transform(String)
/** `1`, `"P1"`, `"high"`. */
const priority = z.unknown().transform((value): Finding['priority'] => {
  const word = String(value ?? '')
    .trim()
    .toLowerCase()
  const level = words[word] ?? Number(/\d+/.exec(word)?.[0] ?? 2)
  return Math.min(3, Math.max(0, level)) as Finding['priority']
})
/** `0.8`, `80`, `"80 %"`, `"high"`. */
const confidence = z.unknown().transform((value) => {
  const word = String(value ?? '')
    .trim()
    .toLowerCase()
  const number = certainties[word] ?? Number.parseFloat(word)
  if (Number.isNaN(number)) return 0.5
  return Math.min(1, Math.max(0, number > 1 ? number / 100 : number))
})
/** `12`, `"12"`, `"12-14"`, `[12, 14]`, `{start: 12, end: 14}`. */
const range = z.unknown().transform((value): number[] => {
  const numbers = JSON.stringify(value ?? '').match(/\d+/g) ?? []
  return numbers.map(Number).filter((number) => number > 0)
})

/** Names that models give to the same thing, the one asked for first. */
const names = {
  title: ['title', 'summary', 'name', 'issue'],
  body: ['body', 'description', 'message', 'explanation', 'detail', 'details', 'comment'],
  path: ['path', 'file', 'filename', 'file_path', 'filepath'],
  lines: ['lines', 'line', 'line_range', 'range'],
  start: ['start_line', 'startLine', 'start'],
  end: ['end_line', 'endLine', 'end'],
  priority: ['priority', 'severity', 'level'],
  confidence: ['confidence', 'confidence_score', 'certainty'],
} as const

const record = z.record(z.string(), z.unknown())
const finding = z.object({
  title: text.optional(),
  body: text.optional(),
  path: text,
  lines: range,
  start: range,
  end: range,
  priority,
  confidence,
})

/** The same fields under the names asked for, whatever the model called them and wherever it put the place. */
function unify(raw: unknown): Record<string, unknown> {
  const { data = {} } = record.safeParse(raw)
  // “[P1] Title” says it too.
  const told = /^\[?P([0-3])\b/i.exec(String(data.title ?? ''))?.[1]
  const all: Record<string, unknown> = {
    ...(told && { priority: told }),
    ...data,
    ...record.safeParse(data.code_location ?? data.location).data,
  }
  return Object.fromEntries(
    Object.entries(names).map(([name, known]) => [name, known.map((each) => all[each]).find((each) => each != null)]),
  )
}

/** A report from a call's arguments or from text, as weak models write it. `problem` says what is missing. */
export function readReport(raw: string, files: FileMap): { ok: true; report: Report } | { ok: false; problem: string } {
  const values = jsonIn(raw)
  if (values.length === 0) return { ok: false, problem: whyNoJson(raw) }
  for (const value of values) {
    const listed = listIn(value)
    if (listed === null) continue
    const read = listed.list.slice(0, maxFindings).map((each) => toFinding(each, files))
    const found = read.filter((each) => each !== null)
    const sorted = found.sort((a, b) => a.priority - b.priority || b.confidence - a.confidence)
    return {
      ok: true,
      report: { overview: listed.overview.slice(0, maxBody), findings: sorted, strays: read.length - found.length },
    }
  }
  return { ok: false, problem: 'it has no list “findings”.' }
}

function toFinding(raw: unknown, files: FileMap): Finding | null {
  const { data } = finding.safeParse(unify(raw))
  const path = data && pathIn(data.path, files)
  if (!data || path === null || path === undefined) return null
  const lines = String(files.get(path)).split('\n')
  const named = [...data.start.slice(0, 1), ...data.end.slice(0, 1)]
  const [first = 1, last = first] = named.length > 0 ? named : data.lines
  if (first > lines.length) return null
  const startLine = Math.min(first, last)
  const endLine = Math.min(lines.length, Math.max(first, last))
  const body = data.body?.trim() ?? ''
  const title = data.title?.trim() || (body.split('\n', 1)[0] ?? '')
  if (title === '') return null
  return {
    id: createId('finding_'),
    priority: data.priority,
    title: title.replace(/^\[?P[0-3]\]?[:\s–-]*/i, '').slice(0, maxTitle),
    body: body.slice(0, maxBody),
    path,
    startLine,
    endLine,
    confidence: data.confidence,
    anchor: lines[startLine - 1] ?? '',
  }
}

/** The project's own name for a path; also for one with a prefix such as `a/`, or without its folders. */
function pathIn(raw: string, files: FileMap): string | null {
  const isText = (path: string) => typeof files.get(path) === 'string'
  const name = toProjectPath(raw.trim().replace(/^[ab]\//, '')) ?? ''
  const exact = [toProjectPath(raw.trim()) ?? '', name].find(isText)
  if (exact !== undefined) return exact
  const ending = [...files.keys()].filter((path) => path.endsWith(`/${name}`) && isText(path))
  return name !== '' && ending.length === 1 ? (ending[0] ?? null) : null
}

function listIn(value: unknown): { overview: string; list: unknown[] } | null {
  if (Array.isArray(value)) return { overview: '', list: value }
  const { data } = record.safeParse(value)
  if (!data) return null
  const list = [data.findings, data.issues, data.comments, data.results].find(Array.isArray)
  const overview = [data.overview, data.overall_explanation, data.summary].find((each) => typeof each === 'string')
  return list === undefined ? null : { overview: typeof overview === 'string' ? overview : '', list }
}

/** Every JSON value that the text may hold: all of it, what stands in fences, what stands between brackets. */
function jsonIn(raw: string): unknown[] {
  const fenced = [...raw.matchAll(/```(?:json)?\s*\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')
  const candidates = [raw, ...fenced, between(raw, '{', '}'), between(raw, '[', ']')]
  return candidates.flatMap((candidate) => {
    const value = parse(candidate)
    // Some models put JSON into JSON.
    const inner = typeof value === 'string' ? parse(value) : value
    return typeof inner === 'object' && inner !== null ? [inner] : []
  })
}

function between(raw: string, open: string, close: string): string {
  return raw.slice(raw.indexOf(open), raw.lastIndexOf(close) + 1)
}

function parse(raw: string): unknown {
  try {
    return JSON.parse(raw)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function whyNoJson(raw: string): string {
  if (raw.trim() === '') return 'it is empty.'
  try {
    JSON.parse(raw)
    return 'it is no object.'
  } catch (error) {
    return `it is no JSON (${messageOf(error)}).`
  }
}
