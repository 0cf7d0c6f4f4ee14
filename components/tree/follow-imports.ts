import { dirname, joinPath } from '@/lib/base'
import type { FileMap } from '@/lib/workspace'

const sources = /\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/
/** `from './a'`, `import './a'`, `import('./a')`, `require('./a')`, `vi.mock('./a')`. */
const specifiers =
  /(\b(?:from|import)\s*|\b(?:import|require|require\.resolve|mock|unmock|doMock|importActual)\s*\(\s*)(['"])(\.{1,2}(?:\/[^'"\n]*)?)\2/g
/** What may be left out or written otherwise at the end of an import, in the order in which it is tried. */
const endings = ['', '.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.json', '.vue', '.svelte', '.css']

/** The files whose relative imports must change when files move, by their new paths. `moves` leads from old to new. */
export function followImports(files: FileMap, moves: ReadonlyMap<string, string>): Map<string, string> {
  const changed = new Map<string, string>()
  for (const [path, text] of files) {
    if (typeof text !== 'string' || !sources.test(path)) continue
    const place = moves.get(path) ?? path
    const after = text.replaceAll(specifiers, (whole, head: string, quote: string, specifier: string) => {
      const target = resolve(files, path, specifier)
      if (target === null) return whole
      const moved = moves.get(target) ?? target
      if (moved === target && place === path) return whole
      return `${head}${quote}${rewritten(specifier, { target, moved, place })}${quote}`
    })
    if (after !== text) changed.set(place, after)
  }
  return changed
}

/** The file that an import leads to; null when there is none. */
function resolve(files: FileMap, importer: string, specifier: string): string | null {
  const base = joinPath(dirname(importer), specifier)
  if (base === null) return null
  const found = endings.map((ending) => base + ending).find((path) => files.has(path))
  if (found !== undefined) return found
  // TypeScript names the file that it will write.
  const written = /^(.*)\.([cm]?)js(x?)$/.exec(base)
  const source =
    written && [`${written[1]}.${written[2]}ts${written[3]}`, `${written[1]}.tsx`].find((path) => files.has(path))
  if (source) return source
  return (
    endings.map((ending) => `${base === '' ? '' : `${base}/`}index${ending}`).find((path) => files.has(path)) ?? null
  )
}

interface Change {
  target: string
  moved: string
  /** Where the importing file is now. */
  place: string
}

/** In the way the import was written: with or without its ending, `.js` for a source of TypeScript, or a folder. */
function rewritten(specifier: string, { target, moved, place }: Change): string {
  const name = target.slice(target.lastIndexOf('/') + 1)
  const isFolder = /^index\.\w+$/.test(name) && !/(?:^|\/)index(?:\.\w+)?$/.test(specifier)
  if (isFolder && /(?:^|\/)index\.\w+$/.test(moved)) return relative(dirname(place), dirname(moved))
  const path = relative(dirname(place), moved)
  const ending = /\.[^./]+$/.exec(specifier)?.[0] ?? ''
  if (!specifier.endsWith(name)) {
    const isWritten = /^\.[cm]?jsx?$/.test(ending)
    return isWritten
      ? path.replace(/\.([cm]?)ts(x?)$/, ending.endsWith('x') ? '.$1jsx' : '.$1js')
      : path.replace(/\.[^./]+$/, '')
  }
  return path
}

function relative(from: string, to: string): string {
  const [left, right] = [from, to].map((path) => path.split('/').filter(Boolean)) as [string[], string[]]
  let shared = 0
  while (shared < left.length && left[shared] === right[shared]) shared++
  const up = left.slice(shared).map(() => '..')
  const path = [...up, ...right.slice(shared)].join('/')
  return up.length > 0 ? path : `./${path}`.replace(/\/$/, '')
}
