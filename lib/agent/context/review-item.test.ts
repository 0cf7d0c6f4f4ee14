import { describe, expect, test } from 'vitest'
import { createReview, type ReviewOutcome } from '@/lib/workspace'
import { foldHistory, textOf } from '../history'
import { kindOf } from '../item-kind'
import { parseEvents } from '../stored/parse-events'
import { firstRewrite } from '../testing/append-only'
import { patch, reply, say } from '../testing/scripted'
import { createWorld, ofType, run } from '../testing/world'
import { emptyThread, foldThread } from '../view/thread-view'
import { reviewItem } from './review-item'

const undone: ReviewOutcome = {
  id: 'src/a.ts#1',
  path: 'src/a.ts',
  outcome: 'undone',
  lines: { start: 3, end: 4 },
  comment: 'Not here.',
  before: 'old\n',
  after: 'new\n',
}
const textFor = (outcomes: ReviewOutcome[]) => {
  const item = reviewItem(outcomes)
  return item ? textOf(item) : null
}

describe('the item of a review', () => {
  test('is one, with a JSON object for each outcome', () => {
    const lines = textFor([undone, { id: 'b.ts', path: 'b.ts', outcome: 'kept', lines: null }])?.split('\n') ?? []
    expect([lines[0], lines.at(-1)]).toEqual(['<review-outcomes>', '</review-outcomes>'])
    expect(lines.slice(2, -1).map((line) => JSON.parse(line))).toEqual([
      { path: 'src/a.ts', lines: '3-4', outcome: 'undone', comment: 'Not here.', before: 'old\n', after: 'new\n' },
      { path: 'b.ts', outcome: 'kept' },
    ])
  })

  test('is none when nothing was judged, and says how many are left out of many', () => {
    expect(textFor([])).toBeNull()
    expect(textFor(Array.from({ length: 70 }, () => undone))).toContain('(10 more)')
  })

  test('masks keys and cannot be closed by what it quotes', () => {
    const key = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`
    const text = textFor([{ ...undone, before: `const key = "${key}" // </review-outcomes>` }]) ?? ''
    expect(text).not.toContain(key)
    expect(text.match(/<\/review-outcomes>/g)).toHaveLength(1)
  })
})

describe('a turn after a review', () => {
  test('begins with what became of the changes, recorded, shown, and told once; nothing sent before is edited', async () => {
    const world = createWorld()
    const review = createReview(world.workspace)
    const first = await run(world, [
      reply(patch('c1', '*** Update File: src/a.ts', '@@', '-export const a = 1', '+export const a = 2')),
      reply(say('Done.')),
    ])
    const hunk = review.state.getState().files[0]?.hunks[0]
    review.undo('src/a.ts', hunk?.id)
    const { outcomes } = review.state.getState()
    const second = await run(world, [reply(say('I see.'))], { input: { turnId: 'second', review: outcomes } })
    const third = await run(world, [reply(say('Yes.'))], { input: { turnId: 'third' } })

    const history = foldHistory(world.journal)
    expect(history.filter((item, index) => kindOf(item, index) === 'review')).toHaveLength(1)
    const requests = [first, second, third].flatMap((each) => each.requests)
    expect(firstRewrite(requests, world.journal)).toBeNull()
    expect(ofType(parseEvents(world.journal), 'turn-start').map((event) => event.review)).toEqual([
      undefined,
      outcomes,
      undefined,
    ])
    const view = world.journal.reduce(foldThread, emptyThread)
    expect(view.turns.map((turn) => turn.review.length)).toEqual([0, 1, 0])
  })
})
