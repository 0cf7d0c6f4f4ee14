import { describe, expect, test } from 'vitest'
import { createReview, type Review } from './review'
import { createWorkspace, type EditMeta } from './workspace'

const agent: EditMeta = { origin: 'agent', label: 'Patch', turnId: 't' }
const user: EditMeta = { origin: 'user', label: 'Edit' }
const text = 'one\ntwo\nthree\nfour\nfive\nsix\n'
const byAgent = text.replace('two', 'agent 2').replace('six', 'agent 6')
const twins = 'a\nx\nb\nc\nd\ne\nf\ng\nx\nh\n'

function setUp(before: string, after: string) {
  const workspace = createWorkspace(new Map([['a.txt', before]]))
  const review = createReview(workspace)
  workspace.apply([{ path: 'a.txt', after }], agent)
  const write = (next: string, by = agent) => workspace.apply([{ path: 'a.txt', after: next }], by)
  return { workspace, review, write }
}

const hunks = (review: Review) => review.state.getState().files[0]?.hunks ?? []
const idAt = (review: Review, index: number) => hunks(review)[index]?.id ?? ''
const shown = (review: Review) =>
  hunks(review).map(({ id }) => review.state.getState().outcomes.find((each) => each.id === `a.txt#${id}`)?.comment)
const draftAt = (review: Review, index: number, kind: 'comment' | 'edit' = 'comment') => ({
  path: 'a.txt',
  hunkId: idAt(review, index),
  kind,
})

describe('a comment', () => {
  test.each([
    ['the agent', agent],
    ['the user', user],
  ])('goes along when %s changes its lines', (_who, by) => {
    const { review, write } = setUp(text, byAgent)
    review.comment('a.txt', idAt(review, 0), 'Why?')
    const { key } = hunks(review)[0] ?? {}
    write(byAgent.replace('agent 2', 'two\nand a half'), by)
    expect(shown(review)).toEqual(['Why?', undefined])
    expect(hunks(review)[0]?.key).toBe(key)
    expect(review.state.getState().outcomes).toMatchObject([
      { outcome: 'commented', lines: { start: 3, end: 3 }, after: 'and a half\n' },
    ])
  })

  test('stands at the lines as they are when something is written above', () => {
    const { review, write } = setUp(text, byAgent)
    review.comment('a.txt', idAt(review, 1), 'Why?')
    write(`mine\n${byAgent}`, user)
    expect(review.state.getState().outcomes).toMatchObject([{ lines: { start: 7, end: 7 } }])
  })

  test('is joined to another when two changes become one', () => {
    const { review, write } = setUp('a\nb\nc\n', 'A\nb\nC\n')
    review.comment('a.txt', idAt(review, 0), 'First.')
    review.comment('a.txt', idAt(review, 1), 'Last.')
    write('A\nB\nC\n')
    expect(shown(review)).toEqual(['First.\n\nLast.'])
  })

  test('stays to be told when its change is gone, and is there again when that comes back', () => {
    const { review, write } = setUp(text, byAgent)
    review.comment('a.txt', idAt(review, 0), 'Why?')
    write(byAgent.replace('agent 2', 'two'))
    expect(shown(review)).toEqual([undefined])
    expect(review.state.getState().outcomes).toMatchObject([{ comment: 'Why?', lines: null, after: 'agent 2\n' }])
    write(byAgent)
    expect(shown(review)).toEqual(['Why?', undefined])
  })
})

test('a comment that was changed while it was being told is told again', () => {
  const { review } = setUp(text, byAgent)
  review.comment('a.txt', idAt(review, 0), 'Why?')
  const told = review.state.getState().outcomes
  review.comment('a.txt', idAt(review, 0), 'Why two?')
  review.delivered(told)
  expect(shown(review)).toEqual(['Why two?', undefined])
  review.delivered(review.state.getState().outcomes)
  expect(shown(review)).toEqual([undefined, undefined])
})

describe('changes that are alike', () => {
  test.each([
    ['first', 'keep'],
    ['first', 'undo'],
    ['last', 'keep'],
    ['last', 'undo'],
  ] as const)('each keep their own comment when the %s is judged (%s), and when that is taken back', (which, verb) => {
    const { review } = setUp(twins, twins.replaceAll('x', 'y'))
    review.comment('a.txt', idAt(review, 0), 'At the top.')
    review.comment('a.txt', idAt(review, 1), 'At the end.')
    review[verb]('a.txt', idAt(review, which === 'first' ? 0 : 1))
    expect(shown(review)).toEqual([which === 'first' ? 'At the end.' : 'At the top.'])
    const all = review.state.getState().outcomes.map(({ comment }) => comment)
    expect(all.toSorted()).toEqual(['At the end.', 'At the top.'])
    review.takeBack()
    expect(shown(review)).toEqual(['At the top.', 'At the end.'])
  })

  test('never get the comment of one that the agent took away', () => {
    const { review, write } = setUp(twins, twins.replaceAll('x', 'y'))
    review.comment('a.txt', idAt(review, 0), 'At the top.')
    review.comment('a.txt', idAt(review, 1), 'At the end.')
    write(twins.replace('x', 'y'))
    expect(shown(review)).toEqual(['At the top.'])
    expect(review.state.getState().outcomes.map(({ comment }) => comment)).toEqual(['At the top.', 'At the end.'])
  })
})

describe('what is being written', () => {
  test('goes along with its lines, and stays when they are gone', () => {
    const { review, write } = setUp(text, byAgent)
    review.draft(draftAt(review, 0), 'Wh')
    review.draft(draftAt(review, 1, 'edit'), null)
    write(byAgent.replace('agent 2', 'agent 22'))
    expect(review.state.getState().drafts).toEqual([
      { ...draftAt(review, 0), text: 'Wh' },
      { ...draftAt(review, 1, 'edit'), text: null },
    ])
    write(text)
    // Nothing had been typed in the other.
    expect(review.state.getState().drafts).toMatchObject([{ kind: 'comment', text: 'Wh' }])
    const [draft] = review.state.getState().drafts
    review.comment('a.txt', draft?.hunkId ?? '', 'Why?')
    expect(review.state.getState()).toMatchObject({ drafts: [], outcomes: [{ comment: 'Why?', lines: null }] })
  })

  test('as a comment is said when its change is judged', () => {
    const { review } = setUp(text, byAgent)
    review.draft(draftAt(review, 0), 'Not so.')
    review.draft(draftAt(review, 1), 'Good.')
    review.undo('a.txt', idAt(review, 0))
    review.keep()
    expect(review.state.getState()).toMatchObject({
      drafts: [],
      outcomes: [
        { outcome: 'undone', comment: 'Not so.' },
        { outcome: 'kept', comment: 'Good.' },
        { outcome: 'kept', lines: null },
      ],
    })
  })

  test('as lines is not lost when its change is judged, and gone once it stands in the file', () => {
    const { review } = setUp(text, byAgent)
    review.draft(draftAt(review, 0, 'edit'), 'mine')
    review.draft(draftAt(review, 1, 'edit'), 'mine too')
    review.keep('a.txt', idAt(review, 0))
    expect(review.state.getState().drafts).toMatchObject([{ text: 'mine' }, { text: 'mine too' }])
    review.edit('a.txt', idAt(review, 0), 'mine too')
    expect(review.state.getState().drafts).toMatchObject([{ text: 'mine' }])
  })

  test('about one of two that are alike stays when the other is put in other words', () => {
    for (const index of [0, 1]) {
      const { review } = setUp(twins, twins.replaceAll('x', 'y'))
      review.draft(draftAt(review, 0, 'edit'), 'first')
      review.draft(draftAt(review, 1, 'edit'), 'last')
      review.edit('a.txt', idAt(review, index), 'mine')
      const left = { ...draftAt(review, 0, 'edit'), text: index === 0 ? 'last' : 'first' }
      expect(review.state.getState().drafts).toEqual([left])
    }
  })

  test('outlives a reload', () => {
    const { workspace, review } = setUp(text, byAgent)
    review.draft(draftAt(review, 0), 'Wh')
    const again = createReview(createWorkspace(workspace.files), { saved: structuredClone(review.save()) })
    expect(again.state.getState().drafts).toEqual(review.state.getState().drafts)
    const broken = { drafts: [{ path: 'a.txt' }, 7, { path: 'a', hunkId: 'b', kind: 'c', text: '' }] }
    expect(createReview(workspace, { saved: broken }).state.getState().drafts).toEqual([])
  })
})
