import { sha1 } from '@noble/hashes/legacy.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { dataUrlOfFile } from '../../../preview/mime-types'
import { isInPackages, scriptPattern, splitQuery, urlOfFile } from '../../../vite/paths'
import type { Project } from '../../../vite/project'
import { withAlias } from '../../../vite/transform/globs'
import { expandGlobImports } from '../../../vite/transform/source-features'
import { relative } from '../builtins/path'
import type { StandIn } from '../loader/source'
import type { TestConfig } from './config'

/** What modules may import beside code, as vitest has it from Vite. */
export interface ViteFiles {
  standInFor: StandIn
  /** Whether a module is one of Vite's making, whoever it comes from. */
  isMade(id: string): boolean
  /** A module by one of Vite's ways to name it: with a query, from the project's root, in its `public` folder. */
  find(specifier: string, resolve: (specifier: string) => string | null): string | null
}

const stylePattern = /\.(?:css|less|sass|scss|styl|stylus|pcss|postcss)$/
const assetPattern =
  /\.(?:apng|bmp|png|jpe?g|jfif|pjpeg|pjp|gif|svg|ico|webp|avif|mp4|webm|ogg|mp3|wav|flac|aac|woff2?|eot|ttf|otf|webmanifest|pdf|txt)$/i
const queryPattern = /[?&](?:raw|url|inline|no-inline)(?:&|$)/
/** Vite's own `build.assetsInlineLimit`; of development, pictures in SVG alone heed it. */
const inlineLimit = 4096

export function createViteFiles(project: Project, { aliases, css }: Pick<TestConfig, 'aliases' | 'css'>): ViteFiles {
  const { root } = project

  function isMade(id: string): boolean {
    const { path, query } = splitQuery(id)
    return stylePattern.test(path) || assetPattern.test(path) || queryPattern.test(query)
  }

  const fits = (patterns: readonly RegExp[], id: string) => patterns.some((pattern) => pattern.test(id))
  const isProcessed = (id: string) => fits(css.include, id) && !fits(css.exclude, id)

  function textOf(id: string): string {
    const { path, query } = splitQuery(id)
    const has = (flag: string) => hasFlag(query, flag)
    if (stylePattern.test(path)) return isProcessed(id) && (has('raw') || has('inline')) ? project.readText(path) : ''
    if (has('raw')) return project.readText(path)
    const isSmallPicture = /\.svg$/i.test(path) && project.bytes(path).length < inlineLimit
    if (has('inline') || (isSmallPicture && !has('no-inline'))) return dataUrlOf(path)
    return urlOf(path) + (has('no-inline') ? query : '')
  }

  const dataUrlOf = (path: string) =>
    /\.svg$/i.test(path) ? dataUrlOfSvg(project.readText(path)) : dataUrlOfFile(path, project.bytes(path))
  const urlOf = (path: string) => urlOfFile(path.startsWith(`${root}/public/`) ? `${root}/public` : root, path)

  function moduleOf(id: string): string {
    const { path, query } = splitQuery(id)
    const namesClasses = stylePattern.test(path) && /\.module\.\w+$/.test(path) && !hasFlag(query, 'inline')
    if (!namesClasses) return `export default ${JSON.stringify(textOf(id))}`
    const hash = bytesToHex(sha1(utf8ToBytes(relative(root, path)))).slice(0, 6)
    const name = css.isScoped ? `\`_\${name}_${hash}\`` : 'name'
    return `export default new Proxy(Object.create(null), { get: (_, name) => typeof name === "symbol" ? undefined : ${name} })`
  }

  return {
    isMade,
    standInFor(id, read) {
      if (isMade(id)) return { text: moduleOf(id), format: 'module' }
      if (!scriptPattern.test(id) || isInPackages(id)) return null
      const text = read()
      if (!text.includes('import.meta.glob')) return null
      const resolveAlias = (pattern: string) => withAlias(pattern, aliases)
      return { text: expandGlobImports(text, { path: id, project, resolveAlias }) }
    },
    find(specifier, resolve) {
      const { path, query } = splitQuery(specifier)
      const isFromRoot = path.startsWith('/')
      if (query === '' && !isFromRoot) return null
      for (const name of [path, ...(isFromRoot ? [`${root}/public${path}`, root + path] : [])]) {
        const found = resolve(name)
        if (found !== null) return found + (queryPattern.test(query) ? query : '')
      }
      return null
    },
  }
}

const hasFlag = (query: string, flag: string) => query.slice(1).split('&').includes(flag)

/** Shorter than Base64 and readable in snapshots; written as Vite writes it. */
function dataUrlOfSvg(text: string): string {
  const hasBothQuotes = /"[^"']*'[^"]*"|'[^'"]*"[^']*'/.test(text)
  if (hasBothQuotes || /<text|<foreignObject/.test(text)) return dataUrlOfFile('.svg', utf8ToBytes(text))
  const escapes: Record<string, string> = { '"': "'", '%': '%25', '#': '%23', '<': '%3c', '>': '%3e' }
  const dense = text.trim().replace(/>\s+</g, '><')
  return `data:image/svg+xml,${dense.replace(/["%#<>]/g, (char) => escapes[char] ?? char).replace(/\s+/g, '%20')}`
}
