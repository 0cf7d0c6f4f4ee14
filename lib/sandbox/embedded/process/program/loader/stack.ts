import { importName } from './emit'

/** What stands before a CommonJS file on its first line; stack traces subtract its columns. */
export const wrapperHead = `(function (exports, require, module, __filename, __dirname, ${importName}) {`

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

const place = /(\/[^\s()]+?(?:\?cycle=\d+)?):(\d+):(\d+)/

const isMachineFrame = (frame: string) => /\b(blob:|https?:|node:|vitrine:)|\?facade/.test(frame)

/** A frame with the place that the user's file has, where merging or wrapping moved it. */
function toUserFrame(frame: string): string {
  return frame
    .replace(/^Object\.eval \(/, 'Object.<anonymous> (')
    .replace(place, (all, url: string, lineText: string, columnText: string) => {
      const line = Number(lineText)
      const column = Number(columnText)
      const origin = merged
        .get(url)
        ?.find(({ firstLine, lineCount }) => line >= firstLine && line < firstLine + lineCount)
      if (origin !== undefined) return `${origin.file}:${line - origin.firstLine + 1}:${column}`
      const isWrapped = line === 1 && column > wrapperHead.length && commonJsFiles.has(url)
      return isWrapped ? `${url}:1:${column - wrapperHead.length}` : all
    })
}

const commonJsFiles = new Set<string>()

/** Tells that a file runs inside the CommonJS wrapper, which moves the columns of its first line. */
export function registerCommonJsFile(path: string) {
  commonJsFiles.add(path)
}

/** The stack without the machine's own frames. */
export function cleanStack(stack: string): string {
  const lines = stack.split('\n')
  const first = lines.findIndex((line) => /^\s+at /.test(line))
  if (first === -1) return stack
  const frames = lines.slice(first).filter((line) => !/^\s+at /.test(line) || !isMachineFrame(line))
  // Native frames such as "at Array.map (<anonymous>)" mean something only between frames of the user.
  const last = frames.findLastIndex((frame) => place.test(frame))
  return [...lines.slice(0, first), ...frames.slice(0, last + 1)].join('\n')
}

interface CallSite {
  toString(): string
}

/**
 * Makes `error.stack` itself show only the user's code (V8's stack trace API; other engines keep what they have and
 * are cleaned when printed). Programs may install their own formatter over it, as in Node.
 */
export function installStackTraces() {
  const V8Error = Error as ErrorConstructor & {
    prepareStackTrace?: (error: Error, sites: CallSite[]) => unknown
    stackTraceLimit?: number
  }
  V8Error.stackTraceLimit = 50
  V8Error.prepareStackTrace = (error, sites) => {
    const frames = sites.map((site) => `\n    at ${toUserFrame(String(site))}`).join('')
    return cleanStack(`${headerOf(error)}${frames}`)
      .split('\n')
      .slice(0, headerLines(error) + 10)
      .join('\n')
  }
}

function headerOf(error: Error): string {
  try {
    return Error.prototype.toString.call(error)
  } catch {
    return '<error>'
  }
}

const headerLines = (error: Error) => headerOf(error).split('\n').length

/** The first place in the user's own files, packages left out where possible. */
export function firstPlace(stack: string): { file: string; line: number; column: number } | null {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line) && place.test(line))
  const own = frames.find((line) => !line.includes('/node_modules/')) ?? frames[0]
  const found = own === undefined ? null : place.exec(own)
  return found === null ? null : { file: found[1] ?? '', line: Number(found[2]), column: Number(found[3]) }
}
