import type { PreviewError, SourcePlace } from '@/lib/sandbox/embedded/preview'
import type { FileMap } from '@/lib/workspace'
import { pageBlock, pageNotice } from './page-text'

const contextLines = 3
const maxStackLines = 8

export interface SourceLine {
  number: number
  text: string
  isWrong: boolean
}

/** The user's lines about a place; none when the file is not there or is no text. */
export function linesAround(files: FileMap, place: SourcePlace | null): SourceLine[] {
  const text = place ? files.get(place.path) : undefined
  if (!place || typeof text !== 'string') return []
  const lines = text.split('\n')
  const first = Math.max(0, place.line - 1 - contextLines)
  return lines.slice(first, place.line + contextLines).map((line, index) => {
    const number = first + index + 1
    return { number, text: line.slice(0, 200), isWrong: number === place.line }
  })
}

/** What the agent is asked to mend, in words that stand without the picture. */
export function describeError({ message, stack, place }: PreviewError, url: string | null, files: FileMap): string {
  const where = place ? `\n\nIn ${place.path}:${place.line}:${place.column}` : ''
  const source = linesAround(files, place).map(
    ({ number, text, isWrong }) => `${isWrong ? '>' : ' '} ${number} | ${text}`,
  )
  const code = source.length > 0 ? `:\n\n${pageBlock(source.join('\n'))}` : ''
  const calls = stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, maxStackLines)
  const trace = calls.length > 1 ? `\n\n${pageBlock(calls.join('\n'))}` : ''
  const request = `The preview${url === null ? '' : ` of ${url}`} shows this error. Please fix it.`
  return `${request}\n${pageNotice}\n\n${pageBlock(message)}${where}${code}${trace}`
}
