import { describe, expect, it } from 'vitest'
import { rankFiles } from './rank-files'

const paths = ['src/cart.ts', 'tests/cart.test.ts', 'src/page/chart-area.tsx', 'README.md']

describe('rankFiles', () => {
  it('puts the file whose name begins with what was typed first', () => {
    expect(rankFiles(paths, 'cart')[0]).toBe('src/cart.ts')
  })
  it('finds letters that are spread out', () => {
    expect(rankFiles(paths, 'char')).toEqual(['src/page/chart-area.tsx'])
    expect(rankFiles(paths, 'rdm')).toEqual(['README.md'])
  })
  it('matches folders and ignores spaces', () => {
    expect(rankFiles(paths, 'tests cart')).toEqual(['tests/cart.test.ts'])
  })
  it('shows all files before anything is typed, and none when nothing fits', () => {
    expect(rankFiles(paths, '')).toHaveLength(4)
    expect(rankFiles(paths, 'zzz')).toEqual([])
  })
})
