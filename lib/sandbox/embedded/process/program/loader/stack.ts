import { importName } from './emit'
import { foreignFrames, foreignFrameText } from './foreign-frames'
import { originalPosition } from './positions'

/** What stands before a CommonJS file on its first line. */
export const wrapperHead = `((${importName}) => function (exports, require, module, __filename, __dirname) {`

/** Where the lines of a merged module came from: merged line → file and its line. */
export interface MergedLines {
  file: string
  firstLine: number
  lineCount: number
}

const merged = new Map<string, MergedLines[]>()

export function registerMergedLines(url: string, lines: MergedLines[]) {
  merged.set(url, lines)
}

const place = /(\/[^\s()]+?(?:\?cycle=\d+)?|\[(?:eval|stdin)\]):(\d+):(\d+)/

export const isOurFrame = (frame: string) => /\b(blob:|https?:|vitrine:)|\?facade/.test(frame)
const isMachineFrame = (frame: string) => isOurFrame(frame) || /\bnode:/.test(frame)

/** The place in the user's file of a place in what the browser runs, where merging or wrapping moved it. */
export function userPlace(url: string, line: number, column: number): { file: string; line: number; column: number } {
  const origin = merged.get(url)?.find(({ firstLine, lineCount }) => line >= firstLine && line < firstLine + lineCount)
  const file = origin?.file ?? url
  const own = { line: origin === undefined ? line : line - origin.firstLine + 1, column }
  return { file, ...originalPosition(file, own) }
}

/** A frame with the place that the user's file has; `method` is the name it was called by, where there is one. */
export function toUserFrame(frame: string, method: unknown = null): string {
  const isNamedEval = method === 'eval'
  return (
    frame
      .replace(/^(?:Object\.|Module\.)?eval \(/, (own) => (own === 'eval (' ? '(' : 'Object.<anonymous> ('))
      // What has no name goes by that of the evaluation it was made in.
      .replace(/^((?:async )?[\w$.]+)\.eval(?: \[as (\S+)\])? \(/, (own, type, alias) =>
        isNamedEval ? own : `${type}.${alias ?? '<anonymous>'} (`,
      )
      .replace(/^\(((?:\/|node:|\[)[^\s()]+:\d+:\d+)\)$/, '$1')
      .replace(place, (all, url: string, lineText: string, columnText: string) => {
        const at = userPlace(url, Number(lineText), Number(columnText))
        return at.file === url && String(at.line) === lineText && String(at.column) === columnText
          ? all
          : `${at.file}:${at.line}:${at.column}`
      })
  )
}

/** The stack with the frames of the user's files alone, as test runners show it, in V8's form whatever the engine. */
export function cleanStack(stack: string): string {
  const lines = stack.split('\n')
  const first = lines.findIndex((line) => /^\s+at /.test(line))
  if (first === -1) {
    const frames = foreignFrames(stack)
    if (frames.length === 0) return stack
    return cleanStack(frames.map((frame) => `    at ${toUserFrame(foreignFrameText(frame))}`).join('\n'))
  }
  const frames = lines.slice(first).filter((line) => !/^\s+at /.test(line) || !isMachineFrame(line))
  // An error that only Node's library was there to make shows where in it.
  if (!frames.some((frame) => place.test(frame))) return stack
  // Native frames such as "at Array.map (<anonymous>)" mean something only between frames of the user.
  const last = frames.findLastIndex((frame) => place.test(frame))
  return lines
    .slice(0, first)
    .concat(frames.slice(0, last + 1))
    .join('\n')
}

/** The first place in the user's own files, packages left out where possible. */
export function firstPlace(stack: string): { file: string; line: number; column: number } | null {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line) && place.test(line) && !isMachineFrame(line))
  const own = frames.find((line) => !line.includes('/node_modules/')) ?? frames[0]
  const found = own === undefined ? null : place.exec(own)
  return found === null ? null : { file: found[1] ?? '', line: Number(found[2]), column: Number(found[3]) }
}
