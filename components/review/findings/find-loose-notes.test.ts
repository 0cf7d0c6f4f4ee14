import { expect, it } from 'vitest'
import { createReview, createWorkspace } from '@/lib/workspace'
import { looseNotes } from './find-loose-notes'

it('finds what was written about changes that are gone, and nothing that stands at its change', () => {
  const workspace = createWorkspace(new Map([['a.txt', 'a\nb\nc\n']]))
  const review = createReview(workspace)
  const write = (after: string) =>
    workspace.apply([{ path: 'a.txt', after }], { origin: 'agent', label: 'P', turnId: 't' })
  write('A\nb\nC\n')
  const [first, second] = (review.state.getState().files[0]?.hunks ?? []).map(({ id }) => id)
  for (const hunkId of [first, second]) {
    review.comment('a.txt', hunkId ?? '', `On ${hunkId}`)
    review.draft({ path: 'a.txt', hunkId: hunkId ?? '', kind: 'edit' }, 'mine')
    review.draft({ path: 'a.txt', hunkId: hunkId ?? '', kind: 'comment' }, ' ')
  }
  expect(looseNotes(review.state.getState())).toEqual({ comments: [], drafts: [] })
  write('a\nb\nC\n')
  const gone = { path: 'a.txt', hunkId: first }
  expect(looseNotes(review.state.getState())).toEqual({
    comments: [{ ...gone, id: `a.txt#${first}`, comment: `On ${first}` }],
    drafts: [{ ...gone, kind: 'edit', text: 'mine' }],
  })
})
