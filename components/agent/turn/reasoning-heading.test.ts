import { expect, it } from 'vitest'
import { headingOf } from './reasoning-heading'

it('is what the model thinks of last, as soon as it is whole', () => {
  expect(headingOf('**Reading the tests**\n\nThey fail.\n\n**Looking for th')).toBe('Reading the tests')
  expect(headingOf('**Reading the tests**\n\nThey fail.\n\n**Looking for the cause**')).toBe('Looking for the cause')
})

it('is nothing where a summary has none, and bounded', () => {
  expect(headingOf('It is **bold** here.')).toBeNull()
  expect(headingOf('')).toBeNull()
  expect(headingOf(`**${'x'.repeat(200)}**`)).toHaveLength(60)
})
