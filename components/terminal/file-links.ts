import type { ILink, ILinkProvider, Terminal } from '@xterm/xterm'

export interface FilePlace {
  path: string
  line: number
  column: number
}

const pattern =
  /(?:file:\/\/)?((?:\/home\/project\/)?[\w@.-]+(?:\/[\w@.()[\] -]*[\w@.()[\]-])*\.\w+)(?::|", line |\()(\d+)(?:[:,](\d+))?/g

/** The places in a line of output that name a file of the project, with where they stand (0-based, end exclusive). */
export function findPlaces(
  text: string,
  cwd: string,
  has: (path: string) => boolean,
): (FilePlace & { start: number; end: number })[] {
  return [...text.matchAll(pattern)].flatMap((match) => {
    const [whole, name = '', line, column = '1'] = match
    const relative = name.replace(/^\/home\/project\//, '').replace(/^\.\//, '')
    const path = [cwd === '' ? relative : `${cwd}/${relative}`, relative].find(has)
    if (path === undefined) return []
    return [{ path, line: Number(line), column: Number(column), start: match.index, end: match.index + whole.length }]
  })
}

export interface FileLinkOptions {
  cwd(): string
  has(path: string): boolean
  open(place: FilePlace): void
}

/** Makes `src/a.ts:12:3` in the output a link into the editor. */
export function createFileLinks(terminal: Terminal, { cwd, has, open }: FileLinkOptions): ILinkProvider {
  return {
    provideLinks(row, callback) {
      const text = terminal.buffer.active.getLine(row - 1)?.translateToString(true) ?? ''
      const links = findPlaces(text, cwd(), has).map(
        ({ start, end, ...place }): ILink => ({
          range: { start: { x: start + 1, y: row }, end: { x: end, y: row } },
          text: text.slice(start, end),
          activate: () => open(place),
        }),
      )
      callback(links.length > 0 ? links : undefined)
    },
  }
}
