import { fromLatin1, toLatin1 } from '@/lib/base'

export interface PatchHunk {
  /** Line of the old file, from 1. */
  start: number
  newStart: number
  /** Lines with their ends, a character for a byte. */
  before: string[]
  after: string[]
  /** How many lines of context the hunk begins and ends with. */
  leading: number
  trailing: number
  /** As it stands in the patch. */
  text: string
}

export interface FilePatch {
  oldName: string
  newName: string
  hunks: PatchHunk[]
}

/**
 * The files of a unified diff, what stands between them left out; throws a sentence when a hunk is damaged. A character
 * of a line is a byte, so that files in any encoding stay what they are where nothing is changed.
 */
export function parsePatch(patch: Uint8Array): FilePatch[] {
  const lines = toLatin1(patch).split(/(?<=\n)/)
  const files: FilePatch[] = []
  let at = 0
  const nameOf = (line: string) =>
    new TextDecoder().decode(
      fromLatin1(
        line
          .slice(4)
          .replace(/\r?\n$/, '')
          .split('\t')[0] ?? '',
      ),
    )
  while (at < lines.length) {
    const line = lines[at] ?? ''
    const next = lines[at + 1] ?? ''
    if (line.startsWith('--- ') && next.startsWith('+++ ')) {
      files.push({ oldName: nameOf(line), newName: nameOf(next), hunks: [] })
      at += 2
    } else if (line.startsWith('@@ ') && files.length > 0) {
      const { hunk, end } = readHunk(lines, at)
      files.at(-1)?.hunks.push(hunk)
      at = end
    } else at += 1
  }
  return files.filter(({ hunks }) => hunks.length > 0)
}

function readHunk(lines: readonly string[], start: number): { hunk: PatchHunk; end: number } {
  const numbers = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(lines[start] ?? '')
  if (!numbers) throw new Error(`malformed patch at line ${start + 1}: ${lines[start] ?? ''}`)
  const [oldStart, oldCount, newStart, newCount] = numbers.slice(1).map((word) => Number(word ?? 1)) as [
    number,
    number,
    number,
    number,
  ]
  const hunk: PatchHunk = {
    start: oldStart,
    newStart,
    before: [],
    after: [],
    leading: 0,
    trailing: 0,
    text: lines[start] ?? '',
  }
  let at = start + 1
  let isChanged = false
  const isFull = () => hunk.before.length >= oldCount && hunk.after.length >= newCount
  while (!isFull()) {
    const line = lines[at]
    if (line === undefined) throw new Error('unexpected end of file in patch')
    const [sign, content] = line === '\n' ? [' ', '\n'] : [line[0], line.slice(1)]
    if (sign === ' ' || sign === '-') hunk.before.push(content)
    if (sign === ' ' || sign === '+') hunk.after.push(content)
    if (sign === ' ') {
      hunk.trailing += 1
      if (!isChanged) hunk.leading += 1
    } else if (sign === '-' || sign === '+') {
      isChanged = true
      hunk.trailing = 0
    } else if (sign === '\\') dropLineEnd(hunk, lines[at - 1] ?? '')
    else throw new Error(`malformed patch at line ${at + 1}: ${line}`)
    hunk.text += line
    at += 1
  }
  if (lines[at]?.startsWith('\\')) {
    dropLineEnd(hunk, lines[at - 1] ?? '')
    hunk.text += lines[at]
    at += 1
  }
  return { hunk, end: at }
}

/** `\ No newline at end of file` says it of the line before. */
function dropLineEnd(hunk: PatchHunk, previous: string): void {
  const sides = previous[0] === '-' ? [hunk.before] : previous[0] === '+' ? [hunk.after] : [hunk.before, hunk.after]
  for (const side of sides) side.push((side.pop() ?? '').replace(/\n$/, ''))
}

/** The patch that takes the other one back. */
export function reversePatch({ oldName, newName, hunks }: FilePatch): FilePatch {
  return {
    oldName: newName,
    newName: oldName,
    hunks: hunks.map((hunk) => ({
      ...hunk,
      start: hunk.newStart,
      newStart: hunk.start,
      before: hunk.after,
      after: hunk.before,
      text: reverseText(hunk.text),
    })),
  }
}

/** What is taken away stands before what is added. */
function reverseText(text: string): string {
  const [title = '', ...lines] = text.split(/(?<=\n)/)
  const out = [title.replace(/^@@ -(\S+) \+(\S+)/, '@@ -$2 +$1')]
  const removed: string[] = []
  const added: string[] = []
  /** Where a remark about the line before goes. */
  let last = out
  const flush = () => {
    for (const line of [...removed.splice(0), ...added.splice(0)]) out.push(line)
  }
  for (const line of lines) {
    if (line.startsWith('-')) last = added
    else if (line.startsWith('+')) last = removed
    else if (!line.startsWith('\\')) {
      flush()
      last = out
    }
    last.push(line.replace(/^[-+]/, (sign) => (sign === '-' ? '+' : '-')))
  }
  flush()
  return out.join('')
}
