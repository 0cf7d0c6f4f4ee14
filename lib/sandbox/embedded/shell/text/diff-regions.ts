import type { Region } from '@/lib/workspace/diff'
import { splitLines } from '@/lib/workspace/diff'
import { changedRegions } from '../../git/line-regions'
import type { Options } from '../../options'

export interface Comparison {
  before: string[]
  after: string[]
  regions: Region[]
  /** Those among them that are let pass unless they stand beside another. */
  ignored: ReadonlySet<Region>
}

/** What differs, by the options that let differences pass (`-w -b -Z -i -B`). */
export function compareTexts(before: string, after: string, options: Options): Comparison {
  const [oldLines, newLines] = [splitLines(before), splitLines(after)]
  const keyOf = createKey(options)
  const regions = changedRegions(oldLines.map(keyOf), newLines.map(keyOf))
  const isBlank = (line: string) => line.trim() === ''
  const isIgnored = ({ beforeStart, beforeEnd, afterStart, afterEnd }: Region) =>
    oldLines.slice(beforeStart, beforeEnd).every(isBlank) && newLines.slice(afterStart, afterEnd).every(isBlank)
  const ignored = new Set(options.has('--ignore-blank-lines') ? regions.filter(isIgnored) : [])
  return { before: oldLines, after: newLines, regions, ignored }
}

function createKey(options: Options): (line: string) => string {
  const changes: ((line: string) => string)[] = []
  if (options.has('--ignore-all-space')) changes.push((line) => line.replaceAll(/\s/g, ''))
  else if (options.has('--ignore-space-change')) changes.push((line) => line.replaceAll(/\s+/g, ' ').replace(/ $/, ''))
  else if (options.has('--ignore-trailing-space')) changes.push((line) => line.trimEnd())
  if (options.has('--strip-trailing-cr')) changes.push((line) => line.replace(/\r\n$/, '\n'))
  if (options.has('--ignore-case')) changes.push((line) => line.toLowerCase())
  return (line) => changes.reduce((text, change) => change(text), line)
}
