import { describe, expect, it } from 'vitest'
import {
  assembleBasePrompt,
  attemptHint,
  attemptHints,
  compactionPrompt,
  currentPack,
  definePack,
  reviewPrompt,
  testsWanted,
  v1,
  v2,
  v3,
} from '.'

describe('the current prompt pack', () => {
  it('assembles to the reviewed text', () => {
    expect(assembleBasePrompt(currentPack)).toMatchSnapshot()
  })

  it('explains each mode and policy in the reviewed words', () => {
    expect({ modes: currentPack.modes, policies: currentPack.policies }).toMatchSnapshot()
  })
})

describe('the compaction prompt', () => {
  it('reads as reviewed', () => {
    expect(compactionPrompt).toMatchSnapshot()
  })
})

describe('the review prompt', () => {
  it('reads as reviewed', () => {
    expect(reviewPrompt).toMatchSnapshot()
  })
})

describe('what sets attempts apart', () => {
  it('is told in the reviewed words, and to the first not at all', () => {
    const hints = attemptHints.map((_, index) => attemptHint(index, attemptHints.length))
    expect(hints[0]).toBeNull()
    expect([...hints.slice(1), testsWanted].join('\n\n')).toMatchSnapshot()
  })
})

describe('released packs', () => {
  it('keep the hash they were released with', () => {
    expect([v1, v2, v3].map(({ id, hash }) => [id, hash])).toEqual([
      ['v1', 'f83d52dadd2128ff'],
      ['v2', 'becf68bd9a2dc180'],
      ['v3', '173f0b8a023705ec'],
    ])
  })

  it('get another hash for any other word', () => {
    const changed = definePack('v1', { ...v1, parts: { ...v1.parts, role: `${v1.parts.role}!` } })
    expect(changed.hash).not.toBe(v1.hash)
  })
})
