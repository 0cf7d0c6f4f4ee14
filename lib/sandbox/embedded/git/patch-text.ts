import { type Region, splitLines } from '@/lib/workspace/diff'
import { formatHunks } from '../patch-format/format-hunks'
import { type Change, countLines, type LineCount } from './changes'
import { changedRegions } from './line-regions'
import type { Paint } from './paint'
import { type FileEntry, isBinary, type Repository } from './repository'

export interface PatchOptions {
  format:
    | 'patch'
    | 'stat'
    | 'summary'
    | 'shortstat'
    | 'numstat'
    | 'name-only'
    | 'name-status'
    | 'patch-with-stat'
    | 'none'
  context: number
  /** Columns for `--stat`. */
  width: number
  paint: Paint
  /** Before the paths of both sides; `a/` and `b/` when not given. */
  prefixes?: [old: string, now: string]
  /** Lines that differ in blanks alone are the same: in all blanks, or in how many there are. */
  blanks?: 'ignored' | 'alike'
}

/** Changes as `git diff` shows them in the wanted form. */
export async function formatChanges(repository: Repository, changes: readonly Change[], options: PatchOptions) {
  switch (options.format) {
    case 'none':
      return ''
    case 'name-only':
      return changes.map(({ path }) => `${path}\n`).join('')
    case 'name-status':
      return changes.map(nameStatus).join('')
    case 'numstat':
      return (await countLines(repository, changes)).map(numstat).join('')
    case 'stat':
      return formatStat(await countLines(repository, changes), options)
    case 'summary':
      return formatSummary(changes)
    case 'shortstat':
      return shortstat(await countLines(repository, changes))
    case 'patch-with-stat': {
      const stat = formatStat(await countLines(repository, changes), options)
      return stat === '' ? '' : `${stat}\n${await formatPatches(repository, changes, options)}`
    }
    case 'patch':
      return formatPatches(repository, changes, options)
  }
}

function nameStatus({ status, path, from = path, similarity }: Change): string {
  return status === 'R' ? `R${String(similarity ?? 100).padStart(3, '0')}\t${from}\t${path}\n` : `${status}\t${from}\n`
}

function numstat({ change, additions, deletions, binary }: LineCount): string {
  return binary ? `-\t-\t${statName(change)}\n` : `${additions}\t${deletions}\t${statName(change)}\n`
}

/** `a/{b => c}/d` for a rename, as git shortens it. */
export function statName({ path, from }: Change): string {
  if (from === undefined) return path
  let prefix = 0
  for (let i = 0; i < Math.min(from.length, path.length) && from[i] === path[i]; i++)
    if (from[i] === '/') prefix = i + 1
  const [oldRest, newRest] = [from.slice(prefix), path.slice(prefix)]
  let suffix = 0
  for (let i = 1; i <= Math.min(oldRest.length, newRest.length); i++) {
    if (oldRest[oldRest.length - i] !== newRest[newRest.length - i]) break
    if (oldRest[oldRest.length - i] === '/') suffix = i
  }
  if (prefix === 0 && suffix === 0) return `${from} => ${path}`
  const middle = `{${oldRest.slice(0, oldRest.length - suffix)} => ${newRest.slice(0, newRest.length - suffix)}}`
  return from.slice(0, prefix) + middle + oldRest.slice(oldRest.length - suffix)
}

export function formatStat(
  counts: readonly LineCount[],
  { width, paint }: Pick<PatchOptions, 'width' | 'paint'>,
): string {
  if (counts.length === 0) return ''
  const names = counts.map(({ change }) => statName(change))
  const nameWidth = Math.min(Math.max(...names.map((name) => name.length)), Math.floor((width * 5) / 8))
  const maxChange = Math.max(...counts.map(({ additions, deletions }) => additions + deletions))
  const hasBinary = counts.some(({ binary }) => binary !== null)
  const numberWidth = Math.max(String(maxChange).length, hasBinary ? 3 : 0)
  const graphWidth = Math.max(width - nameWidth - numberWidth - 6, 6)
  const scale = (count: number) => {
    if (maxChange <= graphWidth) return count
    return count === 0 ? 0 : 1 + Math.floor((count * (graphWidth - 1)) / maxChange)
  }
  const lines = counts.map(({ additions, deletions, binary }, index) => {
    const name = shorten(names[index] ?? '', nameWidth).padEnd(nameWidth)
    if (binary) return ` ${name} | ${'Bin'.padStart(numberWidth)} ${binary[0]} -> ${binary[1]} bytes\n`
    const total = additions + deletions
    let plus = scale(additions)
    let minus = scale(deletions)
    if (maxChange > graphWidth && total > 0) {
      const all = Math.max(scale(total), additions > 0 && deletions > 0 ? 2 : 1)
      if (additions < deletions) {
        plus = scale(additions)
        minus = all - plus
      } else {
        minus = scale(deletions)
        plus = all - minus
      }
    }
    const graph = paint.green('+'.repeat(plus)) + paint.red('-'.repeat(minus))
    return ` ${name} | ${String(total).padStart(numberWidth)}${total > 0 ? ` ${graph}` : ''}\n`
  })
  return lines.join('') + shortstat(counts)
}

function shorten(name: string, width: number): string {
  if (name.length <= width) return name
  const tail = name.slice(name.length - width + 3)
  const slash = tail.indexOf('/')
  return `...${slash === -1 ? tail : tail.slice(slash)}`
}

export function shortstat(counts: readonly LineCount[]): string {
  if (counts.length === 0) return ''
  const sum = (field: 'additions' | 'deletions') => counts.reduce((total, count) => total + count[field], 0)
  const [additions, deletions] = [sum('additions'), sum('deletions')]
  const parts = [` ${counts.length} file${counts.length === 1 ? '' : 's'} changed`]
  if (additions > 0 || deletions === 0) parts.push(`${additions} insertion${additions === 1 ? '' : 's'}(+)`)
  if (deletions > 0 || additions === 0) parts.push(`${deletions} deletion${deletions === 1 ? '' : 's'}(-)`)
  return `${parts.join(', ')}\n`
}

/** ` create mode 100644 a.txt` and its like, below the statistics of a commit or a merge. */
export function formatSummary(changes: readonly Change[]): string {
  return changes
    .map((change) => {
      const { status, path, before, after, similarity } = change
      if (status === 'A') return ` create mode ${octal(after)} ${path}\n`
      if (status === 'D') return ` delete mode ${octal(before)} ${path}\n`
      if (status === 'R') return ` rename ${statName(change)} (${similarity}%)\n`
      return before?.mode !== after?.mode ? ` mode change ${octal(before)} => ${octal(after)} ${path}\n` : ''
    })
    .join('')
}

async function formatPatches(repository: Repository, changes: readonly Change[], options: PatchOptions) {
  let text = ''
  for (const change of changes) text += await formatPatch(repository, change, options)
  return text
}

async function formatPatch(repository: Repository, change: Change, options: PatchOptions): Promise<string> {
  const { paint } = options
  const { path, before, after, status } = change
  if (status === 'T') {
    const removal = await formatPatch(repository, { status: 'D', path, before, after: null }, options)
    return removal + (await formatPatch(repository, { status: 'A', path, before: null, after }, options))
  }
  const head = titleLines(change, options.prefixes)
  const isSame = before?.oid === after?.oid
  const headText = () => head.map((line) => `${paint.bold(line)}\n`).join('')
  if (isSame) return headText()
  const [old, now] = [before, after].map((entry) => entry && repository.blob(entry.oid))
  const [oldBytes, newBytes] = [(await old) ?? new Uint8Array(), (await now) ?? new Uint8Array()]
  const names = nameLines(change, options.prefixes).map((line) => line.slice(4))
  if (isBinary(oldBytes) || isBinary(newBytes)) return `${headText()}Binary files ${names[0]} and ${names[1]} differ\n`
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const hunks = formatTexts(splitLines(decoder.decode(oldBytes)), splitLines(decoder.decode(newBytes)), options)
  if (hunks === '' && options.blanks && status === 'M') return ''
  if (hunks !== '') head.push(...nameLines(change, options.prefixes))
  return headText() + hunks
}

const standardPrefixes: [old: string, now: string] = ['a/', 'b/']

/** The lines of a file's patch before its first hunk. */
export function patchHead(change: Change, hasHunks: boolean, prefixes = standardPrefixes): string[] {
  return [...titleLines(change, prefixes), ...(hasHunks ? nameLines(change, prefixes) : [])]
}

/** The lines before the names of both sides. */
function titleLines(change: Change, [old, now] = standardPrefixes): string[] {
  const { path, from = path, before, after, status, similarity } = change
  const head = [`diff --git ${old}${from} ${now}${path}`]
  if (status === 'A') head.push(`new file mode ${octal(after)}`)
  else if (status === 'D') head.push(`deleted file mode ${octal(before)}`)
  else if (before?.mode !== after?.mode) head.push(`old mode ${octal(before)}`, `new mode ${octal(after)}`)
  if (status === 'R') head.push(`similarity index ${similarity}%`, `rename from ${from}`, `rename to ${path}`)
  if (before?.oid === after?.oid) return head
  const mode = before && after && before.mode === after.mode ? ` ${octal(after)}` : ''
  return [...head, `index ${shortOid(before)}..${shortOid(after)}${mode}`]
}

function nameLines({ path, from = path, before, after }: Change, [old, now] = standardPrefixes): string[] {
  return [
    `--- ${before ? quoted(`${old}${from}`) : '/dev/null'}`,
    `+++ ${after ? quoted(`${now}${path}`) : '/dev/null'}`,
  ]
}

function quoted(name: string): string {
  return /\s/.test(name) ? `${name}\t` : name
}

function formatTexts(
  before: readonly string[],
  after: readonly string[],
  { context, paint, blanks }: PatchOptions,
): string {
  const groups: ReturnType<typeof changedRegions>[] = []
  const plain = (line: string) =>
    blanks === 'ignored' ? line.replaceAll(/\s+/g, '') : line.replaceAll(/\s+/g, ' ').trimEnd()
  const sides = blanks ? ([before.map(plain), after.map(plain)] as const) : ([before, after] as const)
  for (const region of changedRegions(...sides)) {
    const last = groups.at(-1)?.at(-1)
    if (last && region.beforeStart - last.beforeEnd <= context * 2) groups.at(-1)?.push(region)
    else groups.push([region])
  }
  const shown = blanks ? withLinesOf(before, after, groups.flat()) : before
  return formatHunks({ before: shown, after }, groups, { context, paint, headingOf: createHeadings(before) })
}

/** Lines that count as the same are shown as they are now. */
function withLinesOf(before: readonly string[], after: readonly string[], regions: readonly Region[]): string[] {
  const shown = [...before]
  let [at, to] = [0, 0]
  for (const { beforeStart, beforeEnd, afterEnd } of [
    ...regions,
    { beforeStart: before.length, beforeEnd: 0, afterEnd: 0 },
  ]) {
    while (at < beforeStart) shown[at++] = after[to++] ?? ''
    at = beforeEnd
    to = afterEnd
  }
  return shown
}

/** The nearest line above that begins a definition, as git guesses it: one that starts at the margin. */
export function createHeadings(before: readonly string[]): (start: number) => string {
  let last = { start: 0, heading: '' }
  return (start) => {
    let { heading } = last
    for (let i = start - 1; i >= last.start; i--) {
      const line = before[i] ?? ''
      if (!/^[A-Za-z_$]/.test(line)) continue
      heading = ` ${line.trimEnd().slice(0, 80).trimEnd()}`
      break
    }
    last = { start, heading }
    return heading
  }
}

function octal(entry: FileEntry | null): string {
  return (entry?.mode ?? 0).toString(8)
}

function shortOid(entry: FileEntry | null): string {
  return entry ? entry.oid.slice(0, 7) : '0000000'
}
