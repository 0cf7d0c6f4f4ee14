import { describe, expect, it } from 'vitest'
import { closeTab, moveTab, neighbour, noTabs, openTab, renameInTabs } from './tabs'

const two = openTab(openTab(noTabs, 'a.ts', { keep: true }), 'b.ts', { keep: true })

describe('tabs', () => {
  it('replaces the preview tab by the next file looked at', () => {
    const looked = openTab(openTab(two, 'c.ts'), 'd.ts')
    expect(looked).toEqual({ paths: ['a.ts', 'b.ts', 'd.ts'], active: 'd.ts', preview: 'd.ts' })
  })

  it('keeps a preview tab that is opened for good', () => {
    const kept = openTab(openTab(two, 'c.ts'), 'c.ts', { keep: true })
    expect(openTab(kept, 'd.ts').paths).toEqual(['a.ts', 'b.ts', 'c.ts', 'd.ts'])
  })

  it('activates the neighbour of a closed tab', () => {
    expect(closeTab(openTab(two, 'a.ts'), 'a.ts')).toEqual({ paths: ['b.ts'], active: 'b.ts', preview: null })
    expect(closeTab(two, 'b.ts').active).toBe('a.ts')
    expect(closeTab(closeTab(two, 'b.ts'), 'a.ts').active).toBeNull()
  })

  it('moves a tab and leaves the others in order', () => {
    expect(moveTab(openTab(two, 'c.ts'), 'c.ts', 0).paths).toEqual(['c.ts', 'a.ts', 'b.ts'])
  })

  it('follows a renamed folder', () => {
    expect(renameInTabs(openTab(two, 'src/x.ts'), 'src', 'lib')).toEqual({
      paths: ['a.ts', 'b.ts', 'lib/x.ts'],
      active: 'lib/x.ts',
      preview: 'lib/x.ts',
    })
  })

  it('goes around the ends', () => {
    expect(neighbour(two, 1)).toBe('a.ts')
    expect(neighbour(openTab(two, 'a.ts'), -1)).toBe('b.ts')
  })
})
