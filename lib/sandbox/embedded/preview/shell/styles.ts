import { inlineCss } from './css'
import { loadText, type PageParts, resolveReference } from './page-parts'

/** Puts stylesheets, and what they load, into the page. */
export async function embedStyles(parts: PageParts): Promise<void> {
  const { document, base, server } = parts
  const load = { text: (url: string) => loadText(parts, url, 'style'), data: server.data }

  async function embedLinked(link: Element): Promise<void> {
    const url = resolveReference(link.getAttribute('href'), base)
    const text = url === null ? null : await load.text(url)
    if (url === null || text === null) return
    const style = document.createElement('style')
    for (const name of ['media', 'title', 'id']) copyAttribute(link, style, name)
    style.setAttribute('data-href', new URL(url).pathname)
    style.textContent = await inlineCss(text, url, load)
    link.replaceWith(style)
  }

  async function embedInline(style: Element): Promise<void> {
    style.textContent = await inlineCss(style.textContent ?? '', base, load)
  }

  const linked = [...document.querySelectorAll('link[rel~="stylesheet"][href]')].map(embedLinked)
  await Promise.all([...linked, ...[...document.querySelectorAll('style')].map(embedInline)])
}

function copyAttribute(from: Element, to: Element, name: string) {
  const value = from.getAttribute(name)
  if (value !== null) to.setAttribute(name, value)
}
