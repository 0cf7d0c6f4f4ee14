import type { Region } from '@/lib/workspace/diff'

export type HunkPaint = Record<'red' | 'green' | 'cyan', (text: string) => string>

interface Texts {
  before: readonly string[]
  after: readonly string[]
}

export interface HunkStyle {
  /** Lines around what changed. */
  context: number
  paint: HunkPaint
  /** What stands behind the numbers of the hunk that begins at a line; asked from top to bottom. */
  headingOf?(start: number): string
}

/** Hunks as `diff -u` writes them, one for each group of regions. */
export function formatHunks({ before, after }: Texts, groups: readonly Region[][], style: HunkStyle): string {
  const { context, paint, headingOf = () => '' } = style
  return groups
    .map((group) => {
      const [first, last] = [group[0] as Region, group.at(-1) as Region]
      const start = Math.max(0, first.beforeStart - context)
      const end = Math.min(before.length, last.beforeEnd + context)
      const newStart = first.afterStart - (first.beforeStart - start)
      const newEnd = last.afterEnd + (end - last.beforeEnd)
      let body = ''
      let at = start
      for (const region of group) {
        body += signed(' ', before.slice(at, region.beforeStart))
        body += signed('-', before.slice(region.beforeStart, region.beforeEnd), paint.red)
        body += signed('+', after.slice(region.afterStart, region.afterEnd), paint.green)
        at = region.beforeEnd
      }
      body += signed(' ', before.slice(at, end))
      const title = `@@ -${hunkRange(start, end - start)} +${hunkRange(newStart, newEnd - newStart)} @@`
      return `${paint.cyan(title)}${headingOf(start)}\n${body}`
    })
    .join('')
}

/** Lines behind a sign; the one that does not end says so. */
export function signed(sign: string, lines: readonly string[], paint: (text: string) => string = (text) => text) {
  return lines
    .map((line) =>
      line.endsWith('\n')
        ? `${paint(sign + line.slice(0, -1))}\n`
        : `${paint(sign + line)}\n\\ No newline at end of file\n`,
    )
    .join('')
}

/** A place and a number of lines in a hunk's title. */
export function hunkRange(start: number, count: number): string {
  const first = count === 0 ? start : start + 1
  return count === 1 ? String(first) : `${first},${count}`
}
