import { expect, it } from 'vitest'
import { fromLatin1, toLatin1 } from '@/lib/base'
import { mergeText } from './merge-text'

it('merges bytes as they are, whatever their encoding', () => {
  const text = (first: string, last: string) => fromLatin1(`\xEF\xBB\xBF${first}\nm\xFCnster\n3\n4\n5\n${last}\n`)
  const sides = { ours: text('\xE4', 'z'), theirs: text('a', '\xF6') }
  const { content, conflicts } = mergeText(text('a', 'z'), sides, { names: ['HEAD', 'größe'] })
  expect([toLatin1(content), conflicts]).toEqual([toLatin1(text('\xE4', '\xF6')), 0])
})

it('writes the names of both sides in UTF-8', () => {
  const sides = { ours: fromLatin1('a\n'), theirs: fromLatin1('b\n') }
  const { content } = mergeText(fromLatin1('c\n'), sides, { names: ['HEAD', 'größe'] })
  expect(new TextDecoder().decode(content)).toBe('<<<<<<< HEAD\na\n=======\nb\n>>>>>>> größe\n')
})
