import { splitLines } from '@/lib/workspace/diff'
import { changedRegions } from './line-regions'
import type { Paint } from './paint'
import { type FileEntry, isBinary, type Repository } from './repository'

/** A path whose content comes from several: both sides of a conflict, or the parents of a merge. */
export interface Combined {
  path: string
  parents: readonly (FileEntry | null)[]
  result: FileEntry | null
  /** The content has no id yet: it stands in the working tree only. */
  isLoose: boolean
}

interface Lost {
  text: string
  /** The parents that had the line, a bit for each. */
  parents: number
}

/** A line of the result, and in front of it those that are gone. */
interface Line {
  text: string
  /** The parents that do not have it, a bit for each. */
  added: number
  lost: Lost[]
  isShown: boolean
  /** Shown as context only: what is gone in front of it is not. */
  isContext: boolean
}

const context = 3

/** `diff --cc`: only hunks in which the result is none of the parents' own. */
export async function formatCombined(
  repository: Repository,
  { path, parents, result, isLoose }: Combined,
  paint: Paint,
): Promise<string> {
  const bytes = await Promise.all(
    [...parents, result].map(async (entry) => (entry ? repository.blob(entry.oid) : new Uint8Array())),
  )
  const short = (entry: FileEntry | null) => entry?.oid.slice(0, 7) ?? '0000000'
  const ids = `index ${parents.map(short).join(',')}..${isLoose ? '0000000' : short(result)}`
  const head = [`diff --cc ${path}`, ids, ...modeLines(parents, result)]
  const shown = (lines: readonly string[]) => lines.map((line) => `${paint.bold(line)}\n`).join('')
  if (bytes.some(isBinary)) return `${shown(head)}Binary files differ\n`
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const texts = bytes.map((each) => splitLines(decoder.decode(each)))
  const body = formatHunks(texts.slice(0, -1), texts.at(-1) ?? [], paint)
  // Of a merge only what it made itself is worth a line.
  if (body === '') return isLoose || head.length > 2 ? shown(head) : ''
  return (
    shown([
      ...head,
      `--- ${parents.some(Boolean) ? `a/${path}` : '/dev/null'}`,
      `+++ ${result ? `b/${path}` : '/dev/null'}`,
    ]) + body
  )
}

function modeLines(parents: Combined['parents'], result: FileEntry | null): string[] {
  const modes = parents.map((entry) => (entry?.mode ?? 0).toString(8).padStart(6, '0'))
  if (!result) return [`deleted file mode ${modes.join(',')}`]
  const mode = result.mode.toString(8)
  if (parents.every((entry) => entry === null)) return [`new file mode ${mode}`]
  return parents.every((entry) => !entry || entry.mode === result.mode) ? [] : [`mode ${modes.join(',')}..${mode}`]
}

function formatHunks(parents: readonly (readonly string[])[], result: readonly string[], paint: Paint): string {
  const lines = combine(parents, result)
  const all = (1 << parents.length) - 1
  for (const line of lines) line.isShown = line.added !== 0 || line.lost.length > 0
  dropPlain(lines, all)
  addContext(lines)
  return writeHunks(lines, parents.length, paint)
}

function combine(parents: readonly (readonly string[])[], result: readonly string[]): Line[] {
  const empty = (text: string): Line => ({ text, added: 0, lost: [], isShown: false, isContext: false })
  // One more for what is gone at the end.
  const lines = [...result.map(empty), empty('')]
  for (const [number, parent] of parents.entries()) {
    const bit = 1 << number
    for (const { beforeStart, beforeEnd, afterStart, afterEnd } of changedRegions(parent, result)) {
      for (const line of lines.slice(afterStart, afterEnd)) line.added |= bit
      const place = lines[afterStart]
      if (place) place.lost = joinLost(place.lost, parent.slice(beforeStart, beforeEnd), bit)
    }
  }
  return lines
}

/** Lines that several parents have lost stand there once. */
function joinLost(known: readonly Lost[], texts: readonly string[], bit: number): Lost[] {
  const lengths = Array.from({ length: known.length + 1 }, () => new Array<number>(texts.length + 1).fill(0))
  const at = (row: number, column: number) => lengths[row]?.[column] ?? 0
  for (let row = 1; row <= known.length; row++)
    for (let column = 1; column <= texts.length; column++) {
      const isSame = known[row - 1]?.text === texts[column - 1]
      const length = isSame ? at(row - 1, column - 1) + 1 : Math.max(at(row, column - 1), at(row - 1, column))
      const cells = lengths[row]
      if (cells) cells[column] = length
    }
  const joined: Lost[] = []
  let [row, column] = [known.length, texts.length]
  while (row > 0 || column > 0) {
    const old = known[row - 1]
    const text = texts[column - 1]
    if (old && text !== undefined && old.text === text) {
      joined.unshift({ text, parents: old.parents | bit })
      row -= 1
      column -= 1
    } else if (text !== undefined && (!old || at(row, column - 1) >= at(row - 1, column))) {
      joined.unshift({ text, parents: bit })
      column -= 1
    } else if (old) {
      joined.unshift(old)
      row -= 1
    }
  }
  return joined
}

/** Hides the hunks in which one parent, or some in the same way, differ from the result. */
function dropPlain(lines: readonly Line[], all: number): void {
  let start = nextOf(lines, 0, true)
  while (start < lines.length) {
    const end = endOfHunk(lines, start)
    const hunk = lines.slice(start, end)
    const kinds = new Set(
      hunk.flatMap(({ added, lost }) => [added, ...lost.map(({ parents }) => parents)]).filter(Boolean),
    )
    if (kinds.size < 2 && !kinds.has(all)) for (const line of hunk) line.isShown = false
    start = nextOf(lines, end, true)
  }
}

/** Hunks that are close to each other are one. */
function endOfHunk(lines: readonly Line[], start: number): number {
  let end = nextOf(lines, start + 1, false)
  for (;;) {
    const next = nextOf(lines, end, true)
    if (next >= lines.length || next >= tailOf(lines, start, end) + context) return end
    end = nextOf(lines, next, false)
  }
}

/** A line that is shown for what is gone in front of it is context already. */
function tailOf(lines: readonly Line[], start: number, end: number): number {
  return end > start && lines[end - 1]?.added === 0 ? end - 1 : end
}

function nextOf(lines: readonly Line[], from: number, isShown: boolean): number {
  const at = lines.findIndex((line, index) => index >= from && line.isShown === isShown)
  return at === -1 ? lines.length : at
}

function addContext(lines: readonly Line[]): void {
  const show = (from: number, to: number) => {
    for (const line of lines.slice(from, to)) line.isShown = true
  }
  let start = nextOf(lines, 0, true)
  while (start < lines.length) {
    for (const line of lines.slice(Math.max(0, start - context), start)) {
      line.isContext ||= !line.isShown
      line.isShown = true
    }
    let end = nextOf(lines, start, false)
    let next = nextOf(lines, end, true)
    let tail = tailOf(lines, start, end)
    while (end < lines.length && next < tail + context) {
      show(tail, next)
      start = next
      end = nextOf(lines, start, false)
      next = nextOf(lines, end, true)
      tail = tailOf(lines, start, end)
    }
    if (end >= lines.length) return
    show(tail, tail + context)
    start = next
  }
}

function writeHunks(lines: readonly Line[], count: number, paint: Paint): string {
  const marks = '@'.repeat(count + 1)
  const places = Array.from({ length: count }, (_, number) => placesIn(lines, 1 << number))
  const signs = (bits: number, sign: string) =>
    Array.from({ length: count }, (_, number) => (bits & (1 << number) ? sign : ' ')).join('')
  const out: string[] = []
  let end = 0
  for (let start = nextOf(lines, 0, true); start < lines.length; start = nextOf(lines, end, true)) {
    const heading = lines.slice(end, start).findLast(({ text }) => /^[A-Za-z_$]/.test(text))
    end = nextOf(lines, start, false)
    const ranges = places.map((at) => ` -${at[start]},${(at[end] ?? 0) - (at[start] ?? 0)}`).join('')
    const own = Math.min(end, lines.length - 1) - start
    const title = heading ? ` ${heading.text.trimEnd().slice(0, 40).trimEnd().slice(0, -1)}` : ''
    out.push(`${paint.cyan(`${marks}${ranges} +${start + 1},${own} ${marks}`)}${title}\n`)
    for (const [index, { text, added, lost, isContext }] of lines.slice(start, end).entries()) {
      if (!isContext) for (const gone of lost) out.push(`${paint.red(signs(gone.parents, '-') + bare(gone.text))}\n`)
      if (start + index === lines.length - 1) break
      const line = signs(added, '+') + bare(text)
      out.push(`${added === 0 ? line : paint.green(line)}\n`)
      if (!text.endsWith('\n')) out.push(`${' '.repeat(count)}\\ No newline at end of file\n`)
    }
  }
  return out.join('')
}

/** For each line of the result, and its end, where the parent stands. */
function placesIn(lines: readonly Line[], bit: number): number[] {
  const places: number[] = []
  let at = 1
  for (const [index, { added, lost }] of lines.entries()) {
    places.push(at)
    at += lost.filter(({ parents }) => parents & bit).length
    if (index < lines.length - 1 && !(added & bit)) at += 1
  }
  return [...places, at]
}

const bare = (text: string) => text.replace(/\n$/, '')
