import type { LogLevel, LogValue, SourcePlace } from './messages'

export interface PreviewLine {
  level: LogLevel
  text: string
  /** Objects that can be opened; empty when the text says it all. */
  values: readonly LogValue[]
  /** How often in a row. */
  count: number
  /** In the user's file, for errors. */
  place: SourcePlace | null
}

const maxLines = 500

/** The lines with `added` at their end: equal ones are counted, the oldest go. */
export function appendLines(lines: readonly PreviewLine[], added: readonly PreviewLine[]): PreviewLine[] {
  const all = [...lines]
  for (const line of added) {
    const last = all.at(-1)
    const isSame =
      last?.level === line.level && last.text === line.text && last.values.length === 0 && line.values.length === 0
    if (last && isSame) all[all.length - 1] = { ...last, count: last.count + line.count }
    else all.push(line)
  }
  return all.slice(-maxLines)
}

const addressInStack = /https?:\/\/localhost(?::\d+)?\/([^\s?:)]*)(?:\?[^\s:)]*)?(?::(\d+):(\d+))?/g

/** A stack as the user reads it: project paths instead of addresses, nothing of ours. */
export function readableStack(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => !/^\s+at .*(about:srcdoc|<anonymous>:|\/__vitrine\/)/.test(line))
    .join('\n')
    .replace(addressInStack, (_whole, path: string, line?: string, column?: string) =>
      line === undefined ? `/${path}` : `${path}:${line}:${column}`,
    )
}

/** The first place of a stack that is in a file of the project. */
export function placeOfStack(stack: string, isFile: (path: string) => boolean): SourcePlace | null {
  for (const [, path = '', line, column] of stack.matchAll(addressInStack)) {
    const found = [decodeURI(path), `public/${decodeURI(path)}`].find(isFile)
    if (line !== undefined && found) return { path: found, line: Number(line), column: Number(column) }
  }
  return null
}
