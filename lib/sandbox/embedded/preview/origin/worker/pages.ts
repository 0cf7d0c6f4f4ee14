import { pageScript } from '../addresses'
import { headersFor } from './policy'

/** In place of a page whose server did not answer. */
export function failurePage(url: string, message: string, ide: string): Response {
  return ownPage(`<p><b>${escaped(url)}</b> did not answer.</p><p>${escaped(message)}</p>`, ide, 502)
}

/** Asks the IDE to show another address. */
export function leavePage(url: string, ide: string): Response {
  const address = JSON.stringify(url).replaceAll('<', '\\u003c')
  return ownPage(`<script>__vitrine.tell({ kind: 'leave', url: ${address} })</script>`, ide)
}

/** The IDE alone keeps a page in: nowhere else is it shown. */
export function refusalPage(ide: string): Response {
  return ownPage('<p>This address shows a page of a project inside Vitrine only.</p>', ide, 403)
}

export function lostPage(ide: string): Response {
  return ownPage('<p>The project that this page belongs to is not open. Open it in Vitrine.</p>', ide, 503)
}

function ownPage(content: string, ide: string, status = 200): Response {
  const html = `<!doctype html><meta charset="utf-8"><script src="${pageScript}"></script><body style="font:14px/1.5 system-ui;padding:24px;color:#555">${content}`
  return new Response(html, { status, headers: headersFor([['content-type', 'text/html; charset=utf-8']], ide) })
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
