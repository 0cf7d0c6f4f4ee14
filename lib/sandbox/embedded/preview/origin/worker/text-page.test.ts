import { expect, it } from 'vitest'
import { isText, textPage } from './text-page'

const text = (bytes: Uint8Array<ArrayBuffer>, type: string) =>
  new Response(textPage(new Blob([bytes]).stream(), type, '/first.js')).text()

it('is a page of ours that shows the text, whatever it looks like', async () => {
  const page = await text(new TextEncoder().encode('{"a":"</pre><script>alert(1)</script>&lt;"}'), 'application/json')
  expect(page).toMatch(/^<!doctype html>.*<script src="\/first\.js"><\/script><pre[^>]*>/)
  expect(page.slice(page.indexOf('<pre'))).not.toMatch(/<\/pre>|<script/)
  expect(page).toContain('&amp;lt;')
  expect(await text(Uint8Array.of(0xfc), 'text/plain; charset=latin1')).toMatch(/>\nü$/)
  expect(await text(new TextEncoder().encode('ü'), 'text/plain; charset=none-such')).toMatch(/>\nü$/)
})

it.each([
  ['application/json; charset=utf-8', true],
  ['application/problem+json', true],
  ['text/plain', true],
  ['text/css', true],
  ['text/html', false],
  ['text/xml', false],
  ['text/event-stream', false],
  ['image/svg+xml', false],
  ['application/pdf', false],
])('%s is shown as text: %s', (type, is) => expect(isText(type)).toBe(is))
