import { expect, test } from 'vitest'
import { createShareLink, parseShareHash } from './link'

test.each([
  [1_000, 'anywhere'],
  [20_000, 'most-places'],
  [40_000, 'browsers-only'],
])('a project of %i characters pastes %s', (length, size) => {
  expect(createShareLink('https://ide.example/', `v1.${'x'.repeat(length)}`)).toMatchObject({ size })
})

test('a link puts the project behind the hash of /open', () => {
  expect(createShareLink('https://ide.example', 'v1.abc').url).toBe('https://ide.example/open#v1.abc')
})

test.each([
  ['#v1.ab-c_d', 'v1.ab-c_d'],
  ['https://ide.example/open#v1.abc', 'v1.abc'],
  ['https://ide.example/open#v1.abc).', 'v1.abc'],
  ['%23v1%2Eab', 'v1.ab'],
  ['#v1.ab\n  cd', 'v1.abcd'],
  ['#v2.abc', 'v2.abc'],
  ['', null],
  ['#settings', null],
  ['#%zz%ff', null],
])('the hash %j holds %j', (hash, expected) => {
  expect(parseShareHash(hash)).toBe(expected)
})
