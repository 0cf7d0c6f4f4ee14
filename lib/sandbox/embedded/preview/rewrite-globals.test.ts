import { expect, it } from 'vitest'
import { rewriteGlobals } from './rewrite-globals'

it('points the global location at the page’s own, however it is reached', () => {
  expect(rewriteGlobals('location.href; window.location.assign("/x"); document.location; globalThis?.location')).toBe(
    '__vitrine.location.href; __vitrine.location.assign("/x"); __vitrine.location; __vitrine.location',
  )
  expect(rewriteGlobals('const { history, location: here } = window')).toBe(
    'const { history, location: here } = __vitrine.window',
  )
  expect(rewriteGlobals('f({ location }, document.defaultView)')).toBe(
    'f({ location: __vitrine.location }, __vitrine.window)',
  )
})

it('leaves names that only look like it', () => {
  const code = [
    'function f(location) { return location.pathname }',
    'const a = { location: 1 }; a.location; "location"; // window.location',
    'const window = b; window.location',
  ]
  for (const line of code) expect(rewriteGlobals(line)).toBe(line)
})

it('leaves code that does not parse', () => {
  expect(rewriteGlobals('location = = 2')).toBe('location = = 2')
})
