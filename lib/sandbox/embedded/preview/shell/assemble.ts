import type { PageConfig } from '../page/config'
import { embedMedia } from './media'
import { createModuleGraph, type ModuleGraph } from './module-graph'
import type { PageParts } from './page-parts'
import { embedScripts, takeImportMap } from './scripts'
import { type Loaded, type Server, toDataUrl } from './server'
import { embedStyles } from './styles'

export interface Assembled {
  html: string
  title: string
  graph: ModuleGraph
}

/** What runs in the page before anything of its own. */
export interface PageRuntime {
  code: string
  config: Omit<PageConfig, 'url' | 'modules' | 'deferred'>
}

const ahead = 'link[rel~="modulepreload"], link[rel~="preload"], link[rel~="prefetch"]'

/** What the server answered, as one document that loads nothing: scripts, styles and images are part of it. */
export async function assemble(loaded: Loaded, server: Server, runtime: PageRuntime): Promise<Assembled> {
  const document = new DOMParser().parseFromString(toHtml(loaded), 'text/html')
  const base = baseOf(document, loaded.url)
  const graph = createModuleGraph(server.text, takeImportMap(document))
  const parts: PageParts = { document, base, url: loaded.url, server, graph, modules: [], deferred: [] }
  for (const link of document.querySelectorAll(ahead)) link.remove()
  await Promise.all([embedScripts(parts), embedStyles(parts), embedMedia(parts)])
  addRuntime(parts, runtime)
  for (const script of document.querySelectorAll('script')) {
    script.textContent = (script.textContent ?? '').replaceAll(/<\/(script)/gi, '<\\/$1').replaceAll('<!--', '<\\!--')
  }
  const doctype = document.doctype === null ? '' : `<!doctype ${document.doctype.name}>\n`
  return { html: doctype + document.documentElement.outerHTML, title: document.title, graph }
}

function addRuntime({ document, base, url, modules, deferred }: PageParts, { code, config }: PageRuntime): void {
  const refresh = document.querySelector('meta[http-equiv="refresh" i]')?.getAttribute('content') ?? null
  for (const element of document.querySelectorAll('base, meta[http-equiv]')) element.remove()
  const script = document.createElement('script')
  const boot = `__vitrineBoot(${inlineJson({ ...config, url, modules, deferred })})`
  script.textContent = `${code}\n${boot};${refreshScript(refresh, base)}document.currentScript.remove()`
  document.head.prepend(script)
}

const escapeHtml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** Anything that is no page is shown as a browser would: an image as itself, the rest as text. */
function toHtml({ headers, bytes, url }: Loaded): string {
  const type = headers.get('content-type') ?? ''
  if (type.startsWith('text/html') || type === '') return new TextDecoder().decode(bytes)
  const title = escapeHtml(new URL(url).pathname)
  if (type.startsWith('image/')) return `<!doctype html><title>${title}</title><img src="${toDataUrl(bytes, type)}">`
  const text = escapeHtml(new TextDecoder().decode(bytes))
  return `<!doctype html><title>${title}</title><pre style="white-space:pre-wrap">${text}</pre>`
}

function baseOf(document: Document, url: string): string {
  const href = document.querySelector('base[href]')?.getAttribute('href')
  return href != null && URL.canParse(href, url) ? new URL(href, url).href : url
}

function refreshScript(content: string | null, base: string): string {
  const [, seconds, target] =
    /^\s*(\d+(?:\.\d+)?)(?:\s*[;,]\s*(?:url\s*=\s*)?['"]?([^'"]+))?/i.exec(content ?? '') ?? []
  if (seconds === undefined) return ''
  const url = target === undefined ? base : new URL(target, base).href
  return `setTimeout(() => { __vitrine.location.replace(${inlineJson(url)}) }, ${Number(seconds) * 1000});`
}

/** JSON that cannot end the script element it stands in. */
function inlineJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')
}
