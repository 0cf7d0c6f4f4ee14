import { expect, test } from 'vitest'
import { initialState, reduce, visible } from './todos'

test('shows what the filter asks for', () => {
  let state = reduce(initialState, { type: 'add', id: 1, text: 'Read' })
  state = reduce(state, { type: 'add', id: 2, text: 'Write' })
  state = reduce(state, { type: 'toggle', id: 1 })
  state = reduce(state, { type: 'setFilter', filter: 'open' })
  expect(visible(state)).toEqual([{ id: 2, text: 'Write', done: false }])
})
