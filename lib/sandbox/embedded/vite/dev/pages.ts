import { resolve } from '../../process/program/builtins/path'
import type { ViteContext } from '../context'
import { scriptsOf } from './html'

/** A path of the app, without the `base` that it is served under. */
export function withoutBase(pathname: string, { config }: ViteContext): string {
  return config.base.startsWith('/') && pathname.startsWith(config.base)
    ? `/${pathname.slice(config.base.length)}`
    : pathname
}

/** The page that an address means, also without its ending. */
export function findPage(pathname: string, { config, project }: ViteContext): string | null {
  const path = decodeURIComponent(pathname)
  const candidates = [path.endsWith('/') ? `${path}index.html` : path, `${path}.html`, `${path}/index.html`]
  const found = candidates
    .map((candidate) => resolve(config.root, `.${candidate}`))
    .find((file) => file.endsWith('.html') && project.isFile(file))
  return found ?? null
}

/** The modules that a page starts with. */
export function entryFiles(html: string, page: string, context: ViteContext): string[] {
  const { config, project } = context
  return scriptsOf(html).flatMap(({ src, text }) => {
    const inline = text.matchAll(/(?:from\s*|import\s*\(?\s*)["']([./][^"']+)["']/g)
    const sources = src === null ? [...inline].map((match) => match[1] ?? '') : [src]
    return sources.flatMap((source) => {
      const path = source.startsWith('/') ? withoutBase(source, context) : source
      const file = path.startsWith('/') ? resolve(config.root, `.${path}`) : resolve(page, '..', path)
      return project.isFile(file) ? [file] : []
    })
  })
}
