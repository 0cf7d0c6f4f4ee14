import { dirname, resolve } from '../../process/program/builtins/path'
import type { ViteContext } from '../context'
import { replaceEnv, scriptsOf } from '../dev/html'
import { hashedName } from './bundler-plugin'

/** One page of the build: its HTML, and the module that stands for all its scripts and styles. */
export interface PageSource {
  name: string
  file: string
  html: string
  script: string
  /** Names in the output, once it is bundled. */
  built: string | null
  css: string | null
  preloads: string[]
}

const moduleScript = /[ \t]*<script\b(?=[^>]*\btype\s*=\s*["']?module\b)[^>]*>[\s\S]*?<\/script>\s*?\n?/gi
const stylesheet =
  /[ \t]*<link\b(?=[^>]*\brel\s*=\s*["']?stylesheet\b)[^>]*\bhref\s*=\s*(["']?)([^"'\s>]+)\1[^>]*>\s*?\n?/gi

export function readPage(name: string, file: string, { project, config }: ViteContext): PageSource {
  if (!project.isFile(file)) throw new Error(`There is no ${file.slice(project.root.length + 1)} to build from.`)
  if (!file.endsWith('.html')) {
    return { name, file, html: '', script: `import ${JSON.stringify(file)}`, built: null, css: null, preloads: [] }
  }
  const html = project.readText(file)
  const own = (reference: string) =>
    reference.startsWith('/')
      ? resolve(config.root, `.${withoutBase(reference, config.base)}`)
      : resolve(dirname(file), reference)
  const styles = [...html.matchAll(stylesheet)]
    .map((match) => match[2] ?? '')
    .filter((href) => project.isFile(own(href)))
  const imports = scriptsOf(html).map(({ src, text }) => (src === null ? text : `import ${JSON.stringify(own(src))}`))
  const script = [...styles.map((href) => `import ${JSON.stringify(own(href))}`), ...imports].join('\n')
  return { name, file, html, script, built: null, css: null, preloads: [] }
}

/** The page with what was built in place of what it was built from. */
export function buildPage(page: PageSource, output: Map<string, Uint8Array>, { project, config }: ViteContext): string {
  const { base } = config
  const folder = dirname(page.file)
  const own = (reference: string) =>
    reference.startsWith('/') ? resolve(config.root, `.${reference}`) : resolve(folder, reference)
  let html = page.html
    .replace(moduleScript, '')
    .replace(stylesheet, (whole, _quote, href: string) => (project.isFile(own(href)) ? '' : whole))
  html = html.replace(
    /(<(?:img|source|video|audio|link|input)\b[^>]*?\b(?:src|href|poster)\s*=\s*)(["'])([^"']+)\2/gi,
    (whole, head: string, quote: string, reference: string) => {
      if (/^(?:[a-z]+:|\/\/|#)/i.test(reference)) return whole
      const isPublic =
        config.publicDir !== null &&
        project.isFile(
          resolve(config.publicDir, `.${reference.startsWith('/') ? '' : '/'}${reference.replace(/^\.\//, '')}`),
        )
      if (isPublic) return `${head}${quote}${base}${reference.replace(/^\.?\//, '')}${quote}`
      const file = own(reference)
      if (!project.isFile(file)) return whole
      const bytes = project.bytes(file)
      const name = `${config.assetsDir}/${hashedName(file, bytes)}`
      output.set(name, bytes)
      return `${head}${quote}${base}${name}${quote}`
    },
  )
  const tags = [
    ...(page.built === null ? [] : [`<script type="module" crossorigin src="${base}${page.built}"></script>`]),
    ...page.preloads.map((name) => `<link rel="modulepreload" crossorigin href="${base}${name}">`),
    ...(page.css === null ? [] : [`<link rel="stylesheet" crossorigin href="${base}${page.css}">`]),
  ].map((tag) => `    ${tag}\n`)
  html = replaceEnv(html, config.env)
  return /<\/head>/i.test(html) ? html.replace(/[ \t]*<\/head>/i, (end) => tags.join('') + end) : tags.join('') + html
}

function withoutBase(reference: string, base: string): string {
  return base !== '/' && reference.startsWith(base) ? `/${reference.slice(base.length)}` : reference
}
