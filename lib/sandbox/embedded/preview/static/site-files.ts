import { extname, joinPath } from '@/lib/base'
import type { FileMap } from '@/lib/workspace'

/** The page that a preview would open: `index.html` at the root, in `public` or in `src`, else the first page found. */
export function findPreviewPage(files: FileMap): string | null {
  const usual = ['index.html', 'public/index.html', 'src/index.html']
  const pages = [...files.keys()].filter((path) => extname(path) === '.html' && !path.includes('node_modules/'))
  return usual.find((path) => files.has(path)) ?? pages.sort()[0] ?? null
}

/** Every page of the project, as addresses. */
export function listPages(files: FileMap): string[] {
  const pages = [...files.keys()].filter((path) => /\.html?$/.test(path) && !/(^|\/)(node_modules|dist)\//.test(path))
  return pages.sort().map((path) => `/${path}`)
}

const sourceEndings = ['.ts', '.tsx', '.js', '.jsx', '.mjs', '.json', '/index.ts', '/index.tsx', '/index.js']

/** The file that answers an address: itself, a page without its ending, or one under `public`; null when there is none. */
export function findSiteFile(files: FileMap, pathname: string, { isModule = false } = {}): string | null {
  const path = joinPath(decoded(pathname))
  if (path === null || /(^|\/)node_modules(\/|$)/.test(path)) return null
  const endings = isModule ? sourceEndings : ['.html']
  const typescript = isModule ? [path.replace(/\.js(x?)$/, '.ts$1')] : []
  const index = path === '' ? 'index.html' : `${path}/index.html`
  const candidates = [
    path,
    ...endings.map((ending) => path + ending),
    ...typescript,
    `public/${path}`,
    index,
    `public/${index}`,
  ]
  return candidates.find((candidate) => files.has(candidate)) ?? null
}

/** A reference that is no valid URL, such as `50%.png`, means what it says. */
function decoded(reference: string): string {
  try {
    return decodeURIComponent(reference)
  } catch (error) {
    if (error instanceof URIError) return reference
    throw error
  }
}
