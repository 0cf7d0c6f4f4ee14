import { expect, it } from 'vitest'
import { readDataUrl } from './local-files'

it.each([
  ['data:,a%20b', 'text/plain;charset=us-ascii', 'a b'],
  ['data:text/plain;base64,aGk=', 'text/plain', 'hi'],
  ['data:text/plain;base64,aGk%3D', 'text/plain', 'hi'],
  ['data:image/svg+xml;utf8,<svg id="ü"/>', 'image/svg+xml;utf8', '<svg id="ü"/>'],
  ['data:text/plain,100%', 'text/plain', '100%'],
])('reads %s', async (url, type, text) => {
  const blob = readDataUrl(url)
  expect([blob?.type, await blob?.text()]).toEqual([type, text])
})

it('reads no data where there is none', () => {
  expect(readDataUrl('data:text/plain')).toBeUndefined()
})
