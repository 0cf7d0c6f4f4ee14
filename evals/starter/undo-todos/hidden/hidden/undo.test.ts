import { expect, test } from 'vitest'
import { type Action, canRedo, canUndo, initialState, reduce, type State } from '../src/todos'

const play = (state: State, ...actions: Action[]) => actions.reduce(reduce, state)
const add = (id: number): Action => ({ type: 'add', id, text: `todo ${id}` })
const undo: Action = { type: 'undo' }
const redo: Action = { type: 'redo' }
const ids = ({ items }: State) => items.map(({ id }) => id)

test('takes back and brings back, several in a row', () => {
  const state = play(initialState, add(1), add(2), { type: 'remove', id: 1 }, undo, undo)
  expect(ids(state)).toEqual([1])
  expect(ids(play(state, redo))).toEqual([1, 2])
  expect(ids(play(state, redo, redo))).toEqual([2])
})

test('a new change forgets what could be redone', () => {
  const state = play(initialState, add(1), add(2), undo, add(3))
  expect([canUndo(state), canRedo(state)]).toEqual([true, false])
  expect(ids(play(state, redo))).toEqual([1, 3])
})

test('the filter is no step and stays', () => {
  const state = play(initialState, add(1), { type: 'setFilter', filter: 'done' }, undo)
  expect([ids(state), state.filter, canUndo(state), canRedo(state)]).toEqual([[], 'done', false, true])
  const later = play(state, { type: 'setFilter', filter: 'open' }, redo)
  expect([ids(later), later.filter]).toEqual([[1], 'open'])
})

test('what changes nothing is the same object and no step', () => {
  const state = play(initialState, add(1))
  const nothing: Action[] = [{ type: 'toggle', id: 9 }, { type: 'remove', id: 9 }, { type: 'clearDone' }, redo]
  for (const action of nothing) expect(reduce(state, action)).toBe(state)
  expect(reduce(initialState, undo)).toBe(initialState)
  const undone = reduce(state, undo)
  expect(canRedo(reduce(undone, { type: 'toggle', id: 9 }))).toBe(true)
})

test('keeps fifty steps', () => {
  let state = play(initialState, ...Array.from({ length: 60 }, (_, index) => add(index)))
  for (let step = 0; step < 60; step++) state = reduce(state, undo)
  expect(state.items).toHaveLength(10)
  expect(canUndo(state)).toBe(false)
})
