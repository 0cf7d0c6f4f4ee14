import { fromBase64Url, pathProblem, toBase64 } from '@/lib/base'
import {
  type Executables,
  type FileData,
  type FileMap,
  isLink,
  type LinkMap,
  linksBeside,
  scriptsOf,
  staysInside,
} from '@/lib/workspace'
import { ShareRefused, shareLimits } from './limits'

/** What a share carries. `trace` holds recorded agent events; this folder never looks into them. */
export interface SharedProject {
  name: string
  files: FileMap
  /** Those that lead out of the project, on whatever machine it is opened, are left out. */
  links?: LinkMap
  /** Where nothing is said, whoever opens it takes scripts for executable. */
  executables?: Executables
  trace?: readonly unknown[]
  /** Program and version that wrote it, e.g. `vitrine 0.1.0`. */
  createdBy?: string
}

/** The JSON inside a link, version 1. Binary files are `{ base64 }`. */
export interface SharePayload {
  v: 1
  name: string
  files: Record<string, string | { base64: string }>
  /** Symbolic links: path and target. */
  links?: Record<string, string>
  /** Paths. Absent where they are the scripts, that is, the files that begin with `#!`. */
  executables?: string[]
  trace?: readonly unknown[]
  createdBy?: string
}

/** Checks as decoding does, so that a link that could not be opened is never made. Paths come out sorted. */
export function toPayload(project: SharedProject): SharePayload {
  const files = checkFiles([...project.files])
  if (project.trace) checkTrace(project.trace)
  const links = insideLinks(project.files, project.links ?? new Map())
  const executables = unlikeScripts(project)
  return {
    v: 1,
    name: cleanName(project.name),
    files: Object.fromEntries(
      files.map(([path, data]) => [path, typeof data === 'string' ? data : { base64: toBase64(data) }]),
    ),
    ...(links.length > 0 && { links: Object.fromEntries(links) }),
    ...(executables && { executables }),
    ...(project.trace && { trace: project.trace }),
    ...(project.createdBy && { createdBy: cleanName(project.createdBy) }),
  }
}

/** Trusts nothing: `value` is whatever JSON somebody put into a link. */
export function fromPayload(value: unknown): SharedProject {
  if (!isRecord(value)) throw badShape('it does not hold a project')
  if (typeof value.v !== 'number') throw badShape('its version is missing')
  if (value.v !== 1)
    throw new ShareRefused(
      'newer-version',
      'The link was made by a newer version. Reload this page to update, then open it again.',
    )
  if (typeof value.name !== 'string') throw badShape('its name is missing')
  if (!isRecord(value.files)) throw badShape('its files are missing')
  const entries = Object.entries(value.files).map(([path, data]): [string, FileData] => [path, toFileData(path, data)])
  const project: SharedProject = { name: cleanName(value.name), files: new Map(checkFiles(entries)) }
  if (isRecord(value.links)) {
    const links = Object.entries(value.links).filter((link): link is [string, string] => isLink(...link))
    project.links = new Map(insideLinks(project.files, new Map(links)))
  }
  if (Array.isArray(value.executables)) {
    project.executables = new Set(value.executables.filter((path) => project.files.has(path)))
  }
  if (value.trace !== undefined) {
    if (!Array.isArray(value.trace)) throw badShape('its trace is not a list')
    checkTrace(value.trace)
    project.trace = value.trace
  }
  if (typeof value.createdBy === 'string') project.createdBy = cleanName(value.createdBy)
  return project
}

function toFileData(path: string, data: unknown): FileData {
  if (typeof data === 'string') return data
  if (isRecord(data) && typeof data.base64 === 'string') {
    try {
      return fromBase64Url(data.base64)
    } catch (error) {
      throw new ShareRefused(
        'bad-shape',
        `The binary file “${path.slice(0, 80)}” cannot be read. Ask for a new link.`,
        { cause: error },
      )
    }
  }
  throw badShape('a file is neither text nor base64')
}

/** Sorted by path; refuses what could not be a project on every platform. */
function checkFiles(entries: [string, FileData][]): [string, FileData][] {
  if (entries.length > shareLimits.files) {
    throw new ShareRefused(
      'too-many-files',
      `The project has more than ${shareLimits.files} files. Share a smaller part of it.`,
    )
  }
  const seen = new Map<string, string>()
  for (const [path] of entries) {
    const problem = pathProblem(path) ?? depthProblem(path) ?? reservedProblem(path)
    if (problem) throw badPath(path, problem)
    const key = comparable(path)
    const twin = seen.get(key)
    if (twin !== undefined) throw badPath(path, `It is the same as “${twin}” where upper and lower case do not count.`)
    seen.set(key, path)
  }
  for (const [key, path] of seen) {
    for (let slash = key.indexOf('/'); slash !== -1; slash = key.indexOf('/', slash + 1)) {
      if (seen.has(key.slice(0, slash))) throw badPath(path, 'A folder on the way to it is also a file.')
    }
  }
  return entries.sort(([a], [b]) => (a < b ? -1 : 1))
}

/** As strict as with files; but a link is never worth refusing the project. */
function insideLinks(files: FileMap, links: LinkMap): [path: string, target: string][] {
  const inside = new Map(
    [...links].filter(([path, target]) => {
      const problem = pathProblem(path) ?? depthProblem(path) ?? reservedProblem(path)
      return problem === null && staysInside(path, target)
    }),
  )
  return [...linksBeside(files, inside)].slice(0, shareLimits.files)
}

/** Sorted; null where they are the scripts, or nothing is known. */
function unlikeScripts({ files, executables }: SharedProject): string[] | null {
  const paths = [...files.keys()].sort().filter((path) => executables?.has(path))
  const scripts = scriptsOf(files)
  const isAlike = paths.length === scripts.size && paths.every((path) => scripts.has(path))
  return executables === undefined || isAlike ? null : paths
}

function depthProblem(path: string): string | null {
  return path.split('/').length > shareLimits.pathDepth
    ? `It is nested deeper than ${shareLimits.pathDepth} folders.`
    : null
}

/** `constructor`, `toString` …: a plain-object lookup elsewhere would find something that is not a file. */
function reservedProblem(path: string): string | null {
  return path in {} ? 'The name is reserved.' : null
}

function comparable(path: string): string {
  return path.normalize('NFC').toLowerCase()
}

function checkTrace(trace: readonly unknown[]): void {
  if (trace.length > shareLimits.traceEvents)
    throw new ShareRefused('too-large', 'The trace is too long. Share the project without it.')
  if (isDeeperThan(trace, shareLimits.traceDepth)) throw badShape('its trace is nested too deeply')
}

function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return depth === 0 || Object.values(value).some((child) => isDeeperThan(child, depth - 1))
}

/** One line without control and direction characters; never empty. */
function cleanName(name: string): string {
  const clean = name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return Array.from(clean).slice(0, shareLimits.nameLength).join('') || 'Untitled'
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function badShape(what: string): ShareRefused {
  return new ShareRefused('bad-shape', `This is not a project: ${what}. Ask for a new link.`)
}

function badPath(path: string, problem: string): ShareRefused {
  return new ShareRefused(
    'bad-path',
    `The file name ${JSON.stringify(path.slice(0, 80))} is not allowed. ${problem} Rename it and share again.`,
  )
}
