import { dirname, encodeUtf8, extname, joinPath } from '@/lib/base'
import type { FileData, FileMap } from '@/lib/workspace'
import { moduleSources } from './modules'
import { pageRuntime } from './page-runtime'

const mimeTypes: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.ico': 'image/x-icon',
  '.txt': 'text/plain',
  '.md': 'text/markdown',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.mp3': 'audio/mpeg',
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
  '.wasm': 'application/wasm',
}

/** The page that a preview would open: `index.html` at the root, in `public` or in `src`, else the first page found. */
export function findPreviewPage(files: FileMap): string | null {
  const usual = ['index.html', 'public/index.html', 'src/index.html']
  const pages = [...files.keys()].filter((path) => extname(path) === '.html' && !path.includes('node_modules/'))
  return usual.find((path) => files.has(path)) ?? pages.sort()[0] ?? null
}

/** Where a reference in `fromPath` points inside the project; null for other sites, fragments and missing files. */
export function resolveReference(files: FileMap, fromPath: string, reference: string): string | null {
  if (/^([a-z][a-z0-9+.-]*:|\/\/|#)/i.test(reference)) return null
  const bare = decoded((reference.split(/[?#]/)[0] ?? '').trim())
  const path = bare.startsWith('/') ? joinPath(bare) : joinPath(dirname(fromPath), bare)
  if (path === null) return null
  return (
    [path, `public/${path}`, `${path}/index.html`, path === '' ? 'index.html' : `${path}.html`].find((candidate) =>
      files.has(candidate),
    ) ?? null
  )
}

/** A reference that is no valid URL, such as `50%.png`, means what it says. */
function decoded(reference: string): string {
  try {
    return decodeURI(reference)
  } catch (error) {
    if (error instanceof URIError) return reference
    throw error
  }
}

/**
 * One document that shows `page` without loading anything: styles and scripts inlined, images as `data:` URLs,
 * ES modules (TypeScript and JSX included) behind an import map. Missing files are named in the page's console.
 */
export async function buildPreviewDocument(files: FileMap, page: string): Promise<string> {
  const html = files.get(page)
  if (typeof html !== 'string') return messagePage(`There is no ${page} in this project.`)
  const document = new DOMParser().parseFromString(html, 'text/html')
  const missing: string[] = []
  const entries: string[] = []

  const find = (reference: string) => {
    const path = resolveReference(files, page, reference)
    if (path === null && !/^(data|blob|#|mailto|tel|https?|\/\/)/i.test(reference)) missing.push(reference)
    return path
  }

  for (const element of document.querySelectorAll('base, meta[http-equiv]')) element.remove()
  for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel~="stylesheet"][href]')) {
    const path = find(link.getAttribute('href') ?? '')
    const style = document.createElement('style')
    style.textContent = path === null ? '' : inlineStyle(files, path)
    link.replaceWith(style)
  }
  for (const style of document.querySelectorAll('style'))
    style.textContent = inlineUrls(files, page, style.textContent ?? '')
  for (const script of document.querySelectorAll<HTMLScriptElement>('script')) {
    const source = script.getAttribute('src')
    const path = source === null ? null : find(source)
    if (script.type === 'module') {
      const entry = path ?? `${page}.inline-${entries.length}.js`
      if (source === null) files = new Map(files).set(entry, script.textContent ?? '')
      else if (path === null) continue
      entries.push(entry)
      script.textContent = `import ${JSON.stringify(`app:/${entry}`)}`
    } else if (path !== null) script.textContent = textOf(files.get(path))
    else if (source !== null) script.textContent = ''
    script.removeAttribute('src')
    script.textContent = (script.textContent ?? '').replaceAll('</script', '<\\/script')
  }
  for (const element of document.querySelectorAll('[src], link[href], image[href], [poster]')) {
    for (const name of ['src', 'href', 'poster']) {
      const reference = element.getAttribute(name)
      const path = reference === null ? null : find(reference)
      if (path !== null) element.setAttribute(name, dataUrl(path, files.get(path) ?? ''))
    }
  }

  const { modules, problems } = await moduleSources(files, entries)
  const warnings = [...missing.map((reference) => `Not in the project: ${reference} (in ${page})`), ...problems]
  const runtime = document.createElement('script')
  const assets = Object.fromEntries(
    [...files]
      .filter(([path]) => !path.includes('node_modules/'))
      .map(([path, data]) => [`/${path.replace(/^public\//, '')}`, dataUrl(path, data)]),
  )
  runtime.textContent =
    `(${pageRuntime.toString()})(${inlineJson(modules)},${inlineJson(assets)});` +
    warnings.map((text) => `console.warn(${inlineJson(text)});`).join('')
  document.head.prepend(runtime)
  return `<!doctype html>\n${document.documentElement.outerHTML}`
}

function inlineStyle(files: FileMap, path: string, seen: readonly string[] = []): string {
  const css = textOf(files.get(path))
  const imported = css.replace(
    /@import\s+(?:url\()?\s*['"]?([^'")\s;]+)['"]?\s*\)?\s*;/g,
    (whole, reference: string) => {
      const target = resolveReference(files, path, reference)
      return target === null || seen.includes(target)
        ? target === null
          ? whole
          : ''
        : inlineStyle(files, target, [...seen, path])
    },
  )
  return inlineUrls(files, path, imported)
}

function inlineUrls(files: FileMap, path: string, css: string): string {
  return css.replace(/url\(\s*(['"]?)([^'")]+)\1\s*\)/g, (whole, _quote, reference: string) => {
    const target = resolveReference(files, path, reference)
    return target === null ? whole : `url("${dataUrl(target, files.get(target) ?? '')}")`
  })
}

function dataUrl(path: string, data: FileData): string {
  const bytes = typeof data === 'string' ? encodeUtf8(data) : data
  let binary = ''
  for (let i = 0; i < bytes.length; i += 0x8000) binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000))
  return `data:${mimeTypes[extname(path)] ?? 'application/octet-stream'};base64,${btoa(binary)}`
}

function textOf(data: FileData | undefined): string {
  return typeof data === 'string' ? data : ''
}

/** JSON that cannot end the script element it stands in. */
function inlineJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')
}

function messagePage(message: string): string {
  return `<!doctype html><meta charset="utf-8"><p style="font:14px system-ui;padding:24px;color:#555">${message.replaceAll('<', '&lt;')}</p>`
}
