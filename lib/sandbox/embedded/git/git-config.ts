import { type ProcessHost, projectRoot, type VirtualFs } from '../process/host'
import type { Repository } from './repository'

export interface ConfigEntry {
  /** `user.name`: section and name in lower case, the part between as written. */
  key: string
  value: string
}

/** A setting and the lines of the text that hold it. */
interface PlacedEntry extends ConfigEntry {
  from: number
  to: number
}

/** Reads git's configuration syntax. */
export function parseConfig(text: string): ConfigEntry[] {
  return readEntries(text.split('\n')).map(({ key, value }) => ({ key, value }))
}

function readEntries(lines: readonly string[]): PlacedEntry[] {
  const entries: PlacedEntry[] = []
  let section = ''
  for (let from = 0; from < lines.length; from++) {
    let line = lines[from] ?? ''
    const heading = /^\s*\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/.exec(line)
    if (heading) {
      section = sectionOf(heading)
      line = line.slice(heading[0].length)
    }
    const setting = /^\s*([A-Za-z][A-Za-z\d-]*)\s*(?:=\s*(.*))?$/.exec(
      line.replace(/^(\s*[A-Za-z][A-Za-z\d-]*)\s*[#;].*$/, '$1'),
    )
    if (!setting || section === '') continue
    let raw = setting[2]
    let to = from
    // A line that ends in a backslash goes on.
    while (raw !== undefined && /(?<!\\)(?:\\\\)*\\$/.test(raw) && to + 1 < lines.length)
      raw = raw.slice(0, -1) + lines[++to]
    entries.push({
      key: `${section}.${setting[1]?.toLowerCase()}`,
      value: raw === undefined ? 'true' : plainValue(raw),
      from,
      to,
    })
    from = to
  }
  return entries
}

function sectionOf([, name = '', sub]: RegExpExecArray): string {
  return name.toLowerCase() + (sub === undefined ? '' : `.${sub.replaceAll(/\\(.)/g, '$1')}`)
}

const escapes: Record<string, string> = { n: '\n', t: '\t', b: '\b' }

/** Quotes keep blanks and signs of comments; outside of them both end the value. */
function plainValue(raw: string): string {
  let value = ''
  let length = 0
  let isQuoted = false
  for (let at = 0; at < raw.length; at++) {
    const char = raw[at] ?? ''
    if (char === '"') isQuoted = !isQuoted
    else if (char === '\\') {
      const next = raw[++at] ?? ''
      value += escapes[next] ?? next
    } else if (!isQuoted && (char === '#' || char === ';')) break
    else value += char
    if (isQuoted || !/\s/.test(char)) length = value.length
  }
  return value.slice(0, length)
}

export interface ConfigEdit {
  key: string
  /** Null takes the setting out. */
  value: string | null
  /** What becomes of values that are there: one is replaced, all are, or all stay. Without it there may be one only. */
  among?: 'all' | 'add'
}

/** The text with a setting changed; null when it has several values and one was expected. */
export function editConfig(text: string, { key, value, among }: ConfigEdit): string | null {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n')
  const dot = key.lastIndexOf('.')
  const section = key.slice(0, dot)
  const found = among === 'add' ? [] : readEntries(lines).filter((entry) => isSameKey(entry.key, key))
  if (found.length > 1 && among !== 'all') return null
  const written = value === null ? [] : [`\t${key.slice(dot + 1)} = ${quoted(value)}`]
  const last = found.at(-1)
  for (const { from, to } of found.toReversed())
    lines.splice(from, to - from + 1, ...(from === last?.from ? written : []))
  if (!last && value !== null) {
    const end = endOfSection(lines, section)
    if (end === -1) lines.push(sectionHeading(section), ...written)
    else lines.splice(end, 0, ...written)
  }
  return joined(value === null ? withoutEmptySection(lines, section) : lines)
}

/** The text with a section under another name; without one, and all that it holds, when that is null. */
export function renameSection(text: string, name: string, other: string | null): string | null {
  let isInside = false
  let isFound = false
  const lines = text
    .replace(/\n$/, '')
    .split('\n')
    .flatMap((line) => {
      const heading = headingOf(line)
      if (heading !== null) isInside = isSameSection(heading, name)
      if (!isInside) return [line]
      isFound = true
      if (other === null) return []
      return [heading === null ? line : sectionHeading(other)]
    })
  return isFound ? joined(lines) : null
}

const joined = (lines: readonly string[]) => (lines.length === 0 ? '' : `${lines.join('\n')}\n`)

function headingOf(line: string): string | null {
  const heading = /^\s*\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/.exec(line)
  return heading && sectionOf(heading)
}

/** Where a new setting of the section goes; -1 without one. */
function endOfSection(lines: readonly string[], section: string): number {
  let end = -1
  let isInside = false
  for (const [index, line] of lines.entries()) {
    const heading = headingOf(line)
    if (heading !== null) isInside = isSameSection(heading, section)
    if (isInside && line.trim() !== '') end = index + 1
  }
  return end
}

/** A section goes with its last setting, unless a comment is about it. */
function withoutEmptySection(lines: readonly string[], section: string): string[] {
  const isBlank = (line: string) => line.trim() === ''
  const result: string[] = []
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    const heading = /\]\s*$/.test(line) ? headingOf(line) : null
    const next = lines.findIndex((other, index) => index > at && !isBlank(other))
    const isEmpty = heading !== null && (next === -1 || headingOf(lines[next] ?? '') !== null)
    const before = result.findLast((other) => !isBlank(other)) ?? ''
    if (isEmpty && isSameSection(heading, section) && !/^\s*[#;]/.test(before))
      at = (next === -1 ? lines.length : next) - 1
    else result.push(line)
  }
  return result
}

function quoted(value: string): string {
  const escaped = value.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t')
  return value !== '' && /[#;]|^\s|\s$/.test(value) ? `"${escaped}"` : escaped
}

function sectionHeading(section: string): string {
  const dot = section.indexOf('.')
  if (dot === -1) return `[${section}]`
  return `[${section.slice(0, dot)} "${section.slice(dot + 1).replaceAll(/(["\\])/g, '\\$1')}"]`
}

const isSameSection = (a: string, b: string) => isSameKey(`${a}.x`, `${b}.x`)

export function isSameKey(a: string, b: string): boolean {
  return normalKey(a) === normalKey(b)
}

/** Section and name in lower case; the part between stays as written. */
export function normalKey(key: string): string {
  const [first, last] = [key.indexOf('.'), key.lastIndexOf('.')]
  return key.slice(0, first).toLowerCase() + key.slice(first, last) + key.slice(last).toLowerCase()
}

/** What `~` stands for in paths of the configuration. */
export const homeRoot = projectRoot

/** Where `--global` settings live: the home folder is the project, so they are kept beside the repository. */
export const globalConfigPath = `${projectRoot}/.git/vitrine-global-config`

/** All settings that apply, later ones win: global, the repository's, then `-c` of this command. */
export function readConfig(
  { fs }: Pick<ProcessHost, 'fs'>,
  repository: Repository | null,
  overrides: readonly ConfigEntry[],
) {
  const local = repository?.readText('config') ?? ''
  return [...parseConfig(readGlobalConfig(fs)), ...parseConfig(local), ...overrides]
}

/** A setting of the user or the repository, by its key in lower case. */
export function readSetting(repository: Repository, key: string): string | undefined {
  return readConfig(repository, repository, []).findLast((entry) => entry.key === key)?.value
}

export function readGlobalConfig(fs: VirtualFs): string {
  return fs.exists(globalConfigPath) ? new TextDecoder().decode(fs.readFile(globalConfigPath)) : ''
}
