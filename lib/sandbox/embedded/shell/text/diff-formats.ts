import type { Region } from '@/lib/workspace/diff'
import { formatHunks, type HunkPaint, signed } from '../../patch-format/format-hunks'
import type { Comparison } from './diff-regions'

/** `2c2`, `< old`, `---`, `> new`. */
export function formatNormal({ before, after, regions, ignored }: Comparison, paint: HunkPaint): string {
  const range = (start: number, end: number) => (end - start <= 1 ? String(end || start) : `${start + 1},${end}`)
  return regions
    .filter((region) => !ignored.has(region))
    .map(({ beforeStart, beforeEnd, afterStart, afterEnd }) => {
      const isAdded = beforeStart === beforeEnd
      const isDeleted = afterStart === afterEnd
      const title = `${range(beforeStart, beforeEnd)}${isAdded ? 'a' : isDeleted ? 'd' : 'c'}${range(afterStart, afterEnd)}\n`
      const old = signed('< ', before.slice(beforeStart, beforeEnd), paint.red)
      return (
        title +
        old +
        (isAdded || isDeleted ? '' : '---\n') +
        signed('> ', after.slice(afterStart, afterEnd), paint.green)
      )
    })
    .join('')
}

/** Hunks as `diff -u` writes them, without the two lines above. */
export function formatUnified(comparison: Comparison, context: number, paint: HunkPaint): string {
  const { before, after, regions, ignored } = comparison
  const groups: Region[][] = []
  for (const region of regions) {
    const last = groups.at(-1)?.at(-1)
    const reach = last && (ignored.has(last) || ignored.has(region)) ? context : context * 2 + 1
    if (last && region.beforeStart - last.beforeEnd < reach) groups.at(-1)?.push(region)
    else groups.push([region])
  }
  const shown = groups.filter((group) => !group.every((region) => ignored.has(region)))
  return formatHunks({ before, after }, shown, { context, paint })
}

/** Two columns, with `|`, `<` or `>` between them where they differ. */
export function formatColumns(
  { before, after, regions }: Comparison,
  { width, showsCommon }: { width: number; showsCommon: boolean },
): string {
  const second = Math.floor((width + 11) / 16) * 8
  const half = Math.max(0, Math.min(second - 3, width - second))
  const middle = Math.floor((half + second - 1) / 2)
  const cut = (line: string) => line.replace(/\r?\n$/, '').slice(0, half)
  const row = (left: string | undefined, mark: string, right: string | undefined) => {
    let text = left === undefined ? '' : cut(left)
    let column = text.length
    if (mark !== ' ') {
      text += tabsBetween(column, middle) + mark
      column = middle + 1
    }
    if (right !== undefined && cut(right) !== '') text += tabsBetween(column, second) + cut(right)
    return text + (right !== undefined && !right.endsWith('\n') ? '' : '\n')
  }
  let out = ''
  let at = 0
  let to = 0
  const common = (until: number) => {
    while (at < until) {
      if (showsCommon) out += row(before[at], ' ', after[to])
      at += 1
      to += 1
    }
  }
  for (const { beforeStart, beforeEnd, afterEnd } of regions) {
    common(beforeStart)
    while (at < beforeEnd && to < afterEnd) out += row(before[at++], '|', after[to++])
    while (at < beforeEnd) out += row(before[at++], '<', undefined)
    while (to < afterEnd) out += row(undefined, '>', after[to++])
  }
  common(before.length)
  return out
}

function tabsBetween(from: number, to: number): string {
  let text = ''
  let column = from
  for (let next = column - (column % 8) + 8; next <= to; next = column + 8) {
    text += '\t'
    column = next
  }
  return text + ' '.repeat(Math.max(0, to - column))
}
