import type { PageConfig, PageModule } from '../page/config'
import { rewriteGlobals } from '../rewrite-globals'
import { inlineCss } from './css'
import { createModuleGraph, type ModuleGraph } from './module-graph'
import { type Loaded, type Server, toDataUrl } from './server'

export interface Assembled {
  html: string
  title: string
  graph: ModuleGraph
}

const escapeHtml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** What the server answered, as one document that loads nothing: scripts, styles and images are part of it. */
export async function assemble(
  loaded: Loaded,
  server: Server,
  config: Omit<PageConfig, 'modules' | 'deferred'>,
  pageRuntime: string,
): Promise<Assembled> {
  const document = new DOMParser().parseFromString(toHtml(loaded), 'text/html')
  const base = baseOf(document, loaded.url)
  const graph = createModuleGraph(server.text, readImportMap(document))
  const modules: PageModule[] = []
  const deferred: string[] = []
  const loadText = async (url: string, destination: string) => {
    const answer = await server.text(url, destination)
    return answer.status < 400 ? answer : null
  }
  const css = {
    text: async (url: string) => (await loadText(url, 'style').catch(() => null))?.text ?? null,
    data: server.data,
  }

  async function styleOf(link: Element) {
    const url = resolve(link.getAttribute('href'), base)
    const text = url === null ? null : await css.text(url)
    if (url === null || text === null) return
    const style = document.createElement('style')
    for (const name of ['media', 'title', 'id']) copyAttribute(link, style, name)
    style.setAttribute('data-href', new URL(url).pathname)
    style.textContent = await inlineCss(text, url, css)
    link.replaceWith(style)
  }

  async function inlineStyle(style: Element) {
    style.textContent = await inlineCss(style.textContent ?? '', base, css)
  }

  async function moduleScript(script: Element) {
    const source = resolve(script.getAttribute('src'), base)
    script.removeAttribute('src')
    if (source === null) {
      const inline = await graph.inline(script.textContent ?? '', loaded.url)
      modules.push(...inline.modules)
      script.textContent = inline.code
    } else {
      modules.push(...(await graph.load(source)))
      script.textContent = `import ${JSON.stringify(source)}`
    }
  }

  async function classicScript(script: Element) {
    const url = resolve(script.getAttribute('src'), base)
    if (url === null) {
      script.textContent = rewriteGlobals(script.textContent ?? '')
      return
    }
    const answer = await loadText(url, 'script').catch(() => null)
    const code =
      answer === null
        ? `console.error(${JSON.stringify(`${url} was not loaded.`)})`
        : `${rewriteGlobals(answer.text)}\n//# sourceURL=${url}`
    script.removeAttribute('src')
    if (!script.hasAttribute('defer')) {
      script.textContent = code
      return
    }
    // A module script of its own keeps the order of deferred ones.
    script.setAttribute('type', 'module')
    script.textContent = `__vitrine.runDeferred(${deferred.push(code) - 1})`
  }

  async function attribute(element: Element, name: string) {
    const url = resolve(element.getAttribute(name), base)
    const data = url === null ? null : await server.data(url)
    if (data !== null) element.setAttribute(name, data)
    // A request of the parser's own would only be refused.
    else if (url !== null && name === 'src') element.setAttribute('data-missing', element.getAttribute(name) ?? '')
  }

  const work: Promise<unknown>[] = []
  for (const script of document.querySelectorAll('script')) {
    const type = script.type.trim().toLowerCase()
    if (type === 'module') work.push(moduleScript(script))
    else if (type === '' || /javascript|ecmascript/.test(type)) work.push(classicScript(script))
  }
  for (const link of document.querySelectorAll('link[rel~="stylesheet"][href]')) work.push(styleOf(link))
  for (const link of document.querySelectorAll(
    'link[rel~="modulepreload"], link[rel~="preload"], link[rel~="prefetch"]',
  )) {
    link.remove()
  }
  for (const style of document.querySelectorAll('style')) {
    work.push(inlineStyle(style))
  }
  for (const element of document.querySelectorAll(
    'img[src], source[src], video[src], audio[src], input[src], track[src]',
  )) {
    work.push(attribute(element, 'src'))
  }
  for (const element of document.querySelectorAll('[srcset]')) element.removeAttribute('srcset')
  for (const video of document.querySelectorAll('[poster]')) work.push(attribute(video, 'poster'))
  for (const link of document.querySelectorAll('link[rel~="icon"][href]')) work.push(attribute(link, 'href'))
  for (const element of document.querySelectorAll('[onclick], [onsubmit], [onchange], [onload]')) {
    for (const { name, value } of element.attributes) {
      if (name.startsWith('on')) element.setAttribute(name, rewriteGlobals(value))
    }
  }
  await Promise.all(work)

  const refresh = document.querySelector('meta[http-equiv="refresh" i]')?.getAttribute('content') ?? null
  for (const element of document.querySelectorAll('base, meta[http-equiv]')) element.remove()
  const runtime = document.createElement('script')
  runtime.textContent = `${pageRuntime}\n__vitrineBoot(${inlineJson({ ...config, url: loaded.url, modules, deferred })});${refreshScript(refresh, base)}document.currentScript.remove()`
  document.head.prepend(runtime)
  for (const script of document.querySelectorAll('script')) {
    script.textContent = (script.textContent ?? '').replaceAll(/<\/(script)/gi, '<\\/$1').replaceAll('<!--', '<\\!--')
  }
  const doctype = document.doctype === null ? '' : `<!doctype ${document.doctype.name}>\n`
  return { html: doctype + document.documentElement.outerHTML, title: document.title, graph }
}

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

function resolve(reference: string | null, base: string): string | null {
  if (reference === null || /^(data|blob|javascript|about):/i.test(reference) || !URL.canParse(reference, base))
    return null
  return new URL(reference, base).href
}

function readImportMap(document: Document): Record<string, string> {
  const script = document.querySelector('script[type="importmap"]')
  if (!script) return {}
  script.remove()
  try {
    const { imports } = JSON.parse(script.textContent ?? '')
    return typeof imports === 'object' && imports !== null ? imports : {}
  } catch {
    return {}
  }
}

function copyAttribute(from: Element, to: Element, name: string) {
  const value = from.getAttribute(name)
  if (value !== null) to.setAttribute(name, value)
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
