import { describe, expect, test } from 'vitest'
import { createReview, createWorkspace } from '@/lib/workspace'
import { nextPlace, placesOf, resolvePlace } from './review-cursor'

const workspace = createWorkspace(
  new Map<string, string | Uint8Array>([
    ['a.txt', 'one\ntwo\nthree\n'],
    ['b.bin', new Uint8Array([1])],
  ]),
)
const review = createReview(workspace)
workspace.apply(
  [
    { path: 'a.txt', after: 'ONE\ntwo\nTHREE\n' },
    { path: 'b.bin', after: new Uint8Array([2]) },
  ],
  { origin: 'agent', label: 'Patch' },
)
const { files } = review.state.getState()
const places = placesOf(files)

describe('places of a review', () => {
  test('are the hunks of each file, and files without hunks', () => {
    expect(places.map(({ path, hunkId }) => [path, hunkId !== null])).toEqual([
      ['a.txt', true],
      ['a.txt', true],
      ['b.bin', false],
    ])
  })

  test('follow one another around the ends', () => {
    expect(nextPlace(files, places[0] ?? null, 1)).toEqual(places[1])
    expect(nextPlace(files, places[2] ?? null, 1)).toEqual(places[0])
    expect(nextPlace(files, places[0] ?? null, -1)).toEqual(places[2])
  })

  test('whose lines have changed are found by what they became', () => {
    expect(resolvePlace(files, { path: 'a.txt', hunkId: 'gone', key: places[1]?.key ?? '' })).toEqual(places[1])
  })

  test('that are gone give way to what is left', () => {
    expect(resolvePlace(files, { path: 'a.txt', hunkId: 'gone' })).toEqual(places[0])
    expect(resolvePlace(files, { path: 'gone.txt', hunkId: null })).toEqual(places[0])
    expect(resolvePlace([], places[0] ?? null)).toBeNull()
    expect(nextPlace([], null, 1)).toBeNull()
  })
})
