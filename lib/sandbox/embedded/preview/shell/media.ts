import { type PageParts, resolveReference } from './page-parts'

const sources = 'img[src], source[src], video[src], audio[src], input[src], track[src]'

/** Puts images, sounds and films into the page as `data:` URLs. */
export async function embedMedia({ document, base, server }: PageParts): Promise<void> {
  async function embed(element: Element, name: string): Promise<void> {
    const url = resolveReference(element.getAttribute(name), base)
    const data = url === null ? null : await server.data(url)
    if (data !== null) element.setAttribute(name, data)
    // A request of the parser's own would only be refused.
    else if (url !== null && name === 'src') element.setAttribute('data-missing', element.getAttribute(name) ?? '')
  }

  for (const element of document.querySelectorAll('[srcset]')) element.removeAttribute('srcset')
  const embedAll = (selector: string, name: string) =>
    [...document.querySelectorAll(selector)].map((element) => embed(element, name))
  await Promise.all([
    ...embedAll(sources, 'src'),
    ...embedAll('[poster]', 'poster'),
    ...embedAll('link[rel~="icon"][href]', 'href'),
  ])
}
