import type { Place } from './location'
import { tellIde, tellShell } from './tell'

/** Links and forms go where they lead: the shell loads the next document. */
export function installNavigation(place: Place): void {
  addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement || node instanceof SVGAElement)
    const href = link instanceof Element ? (link.getAttribute('href') ?? link.getAttribute('xlink:href')) : null
    if (href === null || !(link instanceof Element) || link.hasAttribute('download')) return
    if (/^javascript:/i.test(href)) return
    event.preventDefault()
    go(href)
  })

  addEventListener('submit', (event) => {
    if (event.defaultPrevented || !(event.target instanceof HTMLFormElement)) return
    event.preventDefault()
    void submit(event.target, event.submitter)
  })
  // `form.submit()` sends without an event.
  HTMLFormElement.prototype.submit = function submitNow() {
    void submit(this, null)
  }
  window.open = (target) => {
    if (target !== undefined && target !== '') go(String(target))
    return null
  }

  function go(reference: string) {
    if (!URL.canParse(reference, place.url)) return console.warn(`Not an address: ${reference}`)
    const target = new URL(reference, place.url)
    if (target.origin === place.url.origin) place.visit(target.href)
    else tellIde({ kind: 'leave', url: target.href })
  }

  async function submit(form: HTMLFormElement, submitter: HTMLElement | null) {
    const attribute = (name: string) => submitter?.getAttribute(`form${name}`) ?? form.getAttribute(name)
    const method = (attribute('method') ?? 'get').toLowerCase()
    if (method === 'dialog') return
    const target = new URL(attribute('action') || place.url.href, place.url)
    const data = new FormData(form, submitter)
    const pairs = [...data].map(([name, value]): [string, string] => [
      name,
      typeof value === 'string' ? value : value.name,
    ])
    if (method !== 'post') {
      target.search = new URLSearchParams(pairs).toString()
      return tellShell({ kind: 'navigate', url: target.href })
    }
    const encoding = attribute('enctype')
    const body = encoding === 'multipart/form-data' ? data : new URLSearchParams(pairs)
    const response = new Response(body)
    const type = response.headers.get('content-type') ?? 'application/x-www-form-urlencoded'
    const bytes = new Uint8Array(await response.arrayBuffer())
    tellShell({ kind: 'navigate', url: target.href, method: 'POST', type, body: bytes })
  }
}
