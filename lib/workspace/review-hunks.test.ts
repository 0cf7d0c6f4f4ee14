import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createReview, type Review } from './review'
import { createWorkspace, type EditMeta } from './workspace'

const agent: EditMeta = { origin: 'agent', label: 'Patch', turnId: 'turn1' }
const user: EditMeta = { origin: 'user', label: 'Edit' }
const text = 'one\ntwo\nthree\nfour\nfive\nsix\n'

/** Few different lines, so that texts share some, repeat some, and may end without a newline. */
const anyText = fc
  .tuple(fc.array(fc.constantFrom('a', 'b', 'c', 'd', '', 'x = 1'), { maxLength: 12 }), fc.boolean())
  .map(([lines, isEnded]) => lines.join('\n') + (isEnded && lines.length > 0 ? '\n' : ''))
const anyFile = fc.option(anyText, { nil: null, freq: 8 })
const picks = fc.infiniteStream(fc.nat(30))

function setUp(before: string | null, after: string | null) {
  const workspace = createWorkspace(new Map(before === null ? [] : [['a.txt', before]]))
  const review = createReview(workspace)
  workspace.apply([{ path: 'a.txt', after }], agent)
  return { workspace, review, now: () => (workspace.files.get('a.txt') ?? null) as string | null }
}

function hunks(review: Review) {
  return review.state.getState().files[0]?.hunks ?? []
}

/** Keys tell which card goes on, and so what came before. */
function unkeyed({ state }: { state: Pick<Review['state'], 'getState'> }) {
  const { files, ...rest } = state.getState()
  const plain = files.map((file) => ({ ...file, hunks: file.hunks.map(({ key: _, ...hunk }) => hunk) }))
  return { ...rest, files: plain }
}

/** Judges one hunk after another, in the order that `order` takes them, until none is left. */
function judgeAll(review: Review, verbs: readonly ('keep' | 'undo')[], order: Iterator<number>): void {
  for (let step = 0; hunks(review).length > 0; step++) {
    if (step > 100) throw new Error('The hunks do not come to an end.')
    const list = hunks(review)
    const hunk = list[(order.next().value as number) % list.length]
    const verb = verbs[step % verbs.length] ?? 'keep'
    expect(review[verb]('a.txt', hunk?.id)).toEqual({ ok: true, left: [] })
  }
}

describe('hunks', () => {
  test('undoing all, in any order, gives the original', () => {
    fc.assert(
      fc.property(anyFile, anyFile, picks, (before, after, order) => {
        const { review, now } = setUp(before, after)
        judgeAll(review, ['undo'], order)
        review.undo('a.txt')
        expect(now()).toBe(before)
        expect(review.state.getState().files).toEqual([])
      }),
    )
  })

  test('keeping all, in any order, keeps the new text and leaves nothing to review', () => {
    fc.assert(
      fc.property(anyFile, anyFile, picks, (before, after, order) => {
        const { review, now } = setUp(before, after)
        judgeAll(review, ['keep'], order)
        review.keep('a.txt')
        expect(now()).toBe(after)
        expect(review.state.getState().files).toEqual([])
      }),
    )
  })

  test('taking every judgement back gives the file and its hunks as they were', () => {
    fc.assert(
      fc.property(anyFile, anyFile, picks, (before, after, order) => {
        const { review, now } = setUp(before, after)
        const start = review.state.getState()
        judgeAll(review, ['undo', 'keep', 'keep', 'undo'], order)
        while (review.state.getState().last !== null) expect(review.takeBack()).toEqual({ ok: true, left: [] })
        expect(now()).toBe(after)
        expect(unkeyed(review)).toEqual(unkeyed({ state: { getState: () => start } }))
      }),
    )
  })

  test('never lose a line of the user’s own, wherever it was typed', () => {
    fc.assert(
      fc.property(anyText, anyText, fc.nat(12), picks, (before, after, place, order) => {
        const { workspace, review, now } = setUp(before, after)
        const lines = (now() ?? '').split('\n')
        workspace.apply([{ path: 'a.txt', after: lines.toSpliced(place, 0, 'typed').join('\n') }], user)
        for (const { id } of hunks(review)) review.undo('a.txt', id)
        review.undo()
        expect(now()?.split('\n')).toContain('typed')
        judgeAll(review, ['keep'], order)
        expect(now()?.split('\n')).toContain('typed')
      }),
    )
  })

  test('are named by their lines, so that judging one leaves the names of the others', () => {
    const { review } = setUp(text, text.replace('one', 'ONE').replace('four', '4\n4.5').replace('six\n', ''))
    const [first, second, third] = hunks(review)
    expect([first?.removed, second?.added, third?.added]).toEqual([['one\n'], ['4\n', '4.5\n'], []])
    review.undo('a.txt', second?.id)
    expect(hunks(review).map(({ id }) => id)).toEqual([first?.id, third?.id])
  })

  test('refuse an undo where the user has changed the lines since, and lose nothing', () => {
    const { workspace, review, now } = setUp(text, text.replace('two', 'agent 2').replace('six', 'agent 6'))
    const typed = text.replace('two', 'agent 2, and mine').replace('six', 'agent 6')
    workspace.apply([{ path: 'a.txt', after: typed }], user)
    const [shared, own] = hunks(review)
    expect(review.undo('a.txt', shared?.id)).toEqual({
      ok: false,
      reason:
        'You have changed the agent’s lines in a.txt at line 2 since, and undoing would lose what you wrote. Change them by hand, or keep them.',
    })
    expect(now()).toBe(typed)
    expect(review.undo('a.txt', own?.id)).toEqual({ ok: true, left: [] })
    expect(hunks(review)).toMatchObject([{ isShared: true }])
  })

  test('stay the user’s where the agent goes on in other lines', () => {
    const { workspace, review } = setUp(text, text.replace('two', 'agent 2'))
    workspace.apply([{ path: 'a.txt', after: text.replace('two', 'mine') }], user)
    workspace.apply([{ path: 'a.txt', after: text.replace('two', 'mine').replace('six', 'agent 6') }], agent)
    expect(hunks(review).map(({ isShared }) => isShared)).toEqual([true, false])
  })

  test('refuse to be judged when they are no longer what was shown', () => {
    const { workspace, review } = setUp(text, text.replace('two', 'agent 2'))
    const [hunk] = hunks(review)
    workspace.apply([{ path: 'a.txt', after: text.replace('two', 'agent 2b') }], agent)
    expect(review.undo('a.txt', hunk?.id)).toMatchObject({ ok: false, reason: expect.stringContaining('meanwhile') })
  })
})

describe('an edit of a hunk', () => {
  test('puts the user’s lines in its place, keeps them, and can be taken back', () => {
    const { review, now } = setUp(text, text.replace('two', 'agent 2').replace('six', 'agent 6'))
    const before = now()
    review.edit('a.txt', hunks(review)[0]?.id ?? '', 'mine\nand more')
    expect(now()).toBe(text.replace('two', 'mine\nand more').replace('six', 'agent 6'))
    expect(hunks(review)).toMatchObject([{ removed: ['six\n'] }])
    expect(review.state.getState().outcomes).toMatchObject([
      { outcome: 'edited', lines: { start: 2, end: 3 }, before: 'two\n', after: 'mine\nand more\n' },
    ])
    review.takeBack()
    expect([now(), hunks(review).length]).toEqual([before, 2])
  })
})

describe('taking back', () => {
  test('keeps what was typed elsewhere since', () => {
    const { workspace, review, now } = setUp(text, text.replace('two', 'agent 2'))
    review.undo('a.txt')
    workspace.apply([{ path: 'a.txt', after: text.replace('six', 'typed') }], user)
    expect(review.takeBack()).toEqual({ ok: true, left: [] })
    expect(now()).toBe(text.replace('two', 'agent 2').replace('six', 'typed'))
    expect(hunks(review)).toMatchObject([{ added: ['agent 2\n'], isShared: false }])
  })

  test('refuses when the same lines have changed since', () => {
    const { workspace, review, now } = setUp(text, text.replace('two', 'agent 2'))
    review.undo('a.txt')
    workspace.apply([{ path: 'a.txt', after: text.replace('two', 'typed') }], user)
    expect(review.takeBack()).toMatchObject({ ok: false })
    expect(now()).toBe(text.replace('two', 'typed'))
  })

  test('happens also when the project’s own undo brings the lines back', () => {
    const { workspace, review } = setUp(text, text.replace('two', 'agent 2'))
    review.undo('a.txt')
    workspace.apply([{ path: 'a.txt', after: text.replace('two', 'agent 2') }], { origin: 'undo', label: 'Undo' })
    expect(hunks(review)).toMatchObject([{ added: ['agent 2\n'] }])
    expect(review.state.getState()).toMatchObject({ outcomes: [], last: null })
  })
})

describe('files that need the user', () => {
  function setUpPolicy() {
    const workspace = createWorkspace(new Map([['a.txt', 'a\n']]))
    let guarded = ['package-lock.json']
    const review = createReview(workspace, { needsYou: (path) => guarded.includes(path) })
    workspace.apply(
      [
        { path: 'a.txt', after: 'A\n' },
        { path: 'package-lock.json', after: '{}\n' },
      ],
      agent,
    )
    const guard = (paths: string[]) => {
      guarded = paths
      review.refresh()
    }
    return { review, guard, paths: () => review.state.getState().files.map(({ path }) => path) }
  }

  test('are left out of “keep all” and kept by themselves', () => {
    const { review, paths } = setUpPolicy()
    expect(review.keep()).toEqual({ ok: true, left: ['package-lock.json'] })
    expect(paths()).toEqual(['package-lock.json'])
    expect(review.keep()).toEqual({ ok: true, left: ['package-lock.json'] })
    expect(review.keep('package-lock.json')).toEqual({ ok: true, left: [] })
    expect(paths()).toEqual([])
  })

  test('are others when the policy changes', () => {
    const { review, guard } = setUpPolicy()
    guard(['a.txt'])
    expect(review.state.getState().files.map(({ needsYou }) => needsYou)).toEqual([true, false])
  })
})

describe('outcomes', () => {
  test('say what became of what, with the comment, and are gone once told', () => {
    const { review } = setUp(text, text.replace('two', 'agent 2').replace('six', 'agent 6'))
    const [first, second] = hunks(review)
    review.comment('a.txt', first?.id ?? '', ' Use a constant. ')
    expect(review.state.getState().outcomes).toMatchObject([{ outcome: 'commented', comment: 'Use a constant.' }])
    review.undo('a.txt', first?.id)
    review.keep('a.txt', second?.id)
    const { outcomes } = review.state.getState()
    expect(outcomes).toEqual([
      {
        id: `a.txt#${first?.id}@2`,
        path: 'a.txt',
        outcome: 'undone',
        lines: { start: 2, end: 2 },
        before: 'two\n',
        after: 'agent 2\n',
        comment: 'Use a constant.',
      },
      {
        id: `a.txt#${second?.id}@6`,
        path: 'a.txt',
        outcome: 'kept',
        lines: { start: 6, end: 6 },
        before: 'six\n',
        after: 'agent 6\n',
      },
    ])
    review.delivered(outcomes)
    expect(review.state.getState().outcomes).toEqual([])
    review.takeBack()
    expect(review.state.getState().outcomes).toMatchObject([{ outcome: 'reopened', lines: { start: 6, end: 6 } }])
  })

  test('of changes that are alike are told each, and a comment stays with its own', () => {
    for (const order of ['first', 'last'] as const) {
      const twins = 'a\nx\nb\nc\nd\ne\nf\ng\nx\nh\n'
      const { review } = setUp(twins, twins.replaceAll('x', 'y'))
      const at = (): string => (order === 'first' ? hunks(review)[0] : hunks(review).at(-1))?.id ?? ''
      review.comment('a.txt', at(), 'Why?')
      review.undo('a.txt', at())
      review.comment('a.txt', at(), 'Good.')
      review.keep('a.txt', at())
      const told = review.state.getState().outcomes
      const lines = order === 'first' ? [2, 9] : [9, 2]
      expect(told.map(({ outcome, lines, comment }) => [outcome, lines?.start, comment])).toEqual([
        ['undone', lines[0], 'Why?'],
        ['kept', lines[1], 'Good.'],
      ])
      review.takeBack()
      review.takeBack()
      const open = expect.objectContaining({ outcome: 'commented', comment: 'Why?' })
      expect(review.state.getState().outcomes).toContainEqual(open)
    }
  })

  test('of a change that was made again are one: the last', () => {
    const { workspace, review } = setUp(text, text.replace('two', 'agent 2'))
    review.undo('a.txt', hunks(review)[0]?.id)
    workspace.apply([{ path: 'a.txt', after: text.replace('two', 'agent 2') }], agent)
    review.keep('a.txt', hunks(review)[0]?.id)
    expect(review.state.getState().outcomes.map(({ outcome }) => outcome)).toEqual(['kept'])
  })

  test('of a whole file are one, beside those of commented hunks', () => {
    const { review } = setUp(text, text.replace('two', 'agent 2').replace('six', 'agent 6'))
    review.comment('a.txt', hunks(review)[1]?.id ?? '', 'Why?')
    review.keep('a.txt')
    expect(review.state.getState().outcomes).toMatchObject([
      { outcome: 'kept', lines: { start: 6, end: 6 }, comment: 'Why?' },
      { outcome: 'kept', lines: null },
    ])
  })

  test('and hunks outlive a reload', () => {
    const { workspace, review } = setUp(text, text.replace('two', 'agent 2').replace('six', 'agent 6'))
    review.comment('a.txt', hunks(review)[1]?.id ?? '', 'Why?')
    review.undo('a.txt', hunks(review)[0]?.id)
    const again = createReview(createWorkspace(workspace.files), { saved: structuredClone(review.save()) })
    expect(again.state.getState()).toEqual({ ...review.state.getState(), last: null })
  })

  test('and what the user has touched outlive a reload', () => {
    const { workspace, review } = setUp(text, text.replace('two', 'agent 2'))
    workspace.apply([{ path: 'a.txt', after: text.replace('two', 'agent 2, and mine') }], user)
    const again = createReview(createWorkspace(workspace.files), { saved: structuredClone(review.save()) })
    expect(hunks(again)).toMatchObject([{ isShared: true }])
  })

  test('of a comment that is emptied are nothing', () => {
    const { review } = setUp(text, text.replace('two', 'agent 2'))
    const id = hunks(review)[0]?.id ?? ''
    review.comment('a.txt', id, 'Why?')
    review.comment('a.txt', id, ' ')
    expect(review.state.getState().outcomes).toEqual([])
  })
})
