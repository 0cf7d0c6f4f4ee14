import { rewriteGlobals } from '../rewrite-globals'
import { loadText, type PageParts, resolveReference } from './page-parts'

const handlers = '[onclick], [onsubmit], [onchange], [onload]'

/** Puts the code of scripts into the page, and collects its modules. */
export async function embedScripts(parts: PageParts): Promise<void> {
  const work: Promise<void>[] = []
  for (const script of parts.document.querySelectorAll('script')) {
    const type = script.type.trim().toLowerCase()
    if (type === 'module') work.push(embedModule(script, parts))
    else if (type === '' || /javascript|ecmascript/.test(type)) work.push(embedClassic(script, parts))
  }
  for (const element of parts.document.querySelectorAll(handlers)) {
    for (const { name, value } of element.attributes) {
      if (name.startsWith('on')) element.setAttribute(name, rewriteGlobals(value))
    }
  }
  await Promise.all(work)
}

async function embedModule(script: Element, { base, url, graph, modules }: PageParts): Promise<void> {
  const source = resolveReference(script.getAttribute('src'), base)
  script.removeAttribute('src')
  if (source === null) {
    const inline = await graph.inline(script.textContent ?? '', url)
    modules.push(...inline.modules)
    script.textContent = inline.code
  } else {
    modules.push(...(await graph.load(source)))
    script.textContent = `import ${JSON.stringify(source)}`
  }
}

async function embedClassic(script: Element, parts: PageParts): Promise<void> {
  const url = resolveReference(script.getAttribute('src'), parts.base)
  if (url === null) {
    script.textContent = rewriteGlobals(script.textContent ?? '')
    return
  }
  const text = await loadText(parts, url, 'script')
  const code =
    text === null
      ? `console.error(${JSON.stringify(`${url} was not loaded.`)})`
      : `${rewriteGlobals(text)}\n//# sourceURL=${url}`
  script.removeAttribute('src')
  if (!script.hasAttribute('defer')) {
    script.textContent = code
    return
  }
  // A module script of its own keeps the order of deferred ones.
  script.setAttribute('type', 'module')
  script.textContent = `__vitrine.runDeferred(${parts.deferred.push(code) - 1})`
}

/** Takes the import map out of the page. */
export function takeImportMap(document: Document): Record<string, string> {
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
