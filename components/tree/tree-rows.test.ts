import { describe, expect, it } from 'vitest'
import { foldersAbove, treeRows, typeAhead } from './tree-rows'

const paths = ['src/b.ts', 'src/a10.ts', 'src/a2.ts', 'README.md', 'src/page/x.css']
const names = (open: string[], empty: string[] = []) =>
  treeRows({ paths, emptyFolders: empty }, new Set(open)).map(({ path }) => path)

describe('treeRows', () => {
  it('shows folders first and counts numbers as people do', () => {
    expect(names(['src'])).toEqual(['src', 'src/page', 'src/a2.ts', 'src/a10.ts', 'src/b.ts', 'README.md'])
  })

  it('hides what is in closed folders', () => {
    expect(names([])).toEqual(['src', 'README.md'])
  })

  it('shows a folder that has no files yet', () => {
    expect(names(['src'], ['src/new'])).toContain('src/new')
  })

  it('says where each row stands among its siblings', () => {
    expect(treeRows({ paths }, new Set(['src']))[2]).toEqual({
      path: 'src/a2.ts',
      name: 'a2.ts',
      kind: 'file',
      level: 2,
      open: false,
      position: 2,
      siblings: 4,
    })
  })

  it('shows links among the files, and folders that hold nothing else', () => {
    const links = new Map([
      ['bin/tool', '../src/b.ts'],
      ['current', 'src'],
    ])
    const rows = treeRows({ paths: ['a.ts', 'src/b.ts'], links }, new Set(['bin']))
    expect(rows.map(({ path, kind, target }) => [path, kind, target])).toEqual([
      ['bin', 'folder', undefined],
      ['bin/tool', 'link', '../src/b.ts'],
      ['src', 'folder', undefined],
      ['a.ts', 'file', undefined],
      ['current', 'link', 'src'],
    ])
  })

  it('takes 5,000 files in well under a frame per thousand', () => {
    const many = Array.from({ length: 5000 }, (_, index) => `pkg${index % 50}/f${index}.ts`)
    const startedAt = performance.now()
    expect(treeRows({ paths: many }, new Set())).toHaveLength(50)
    expect(performance.now() - startedAt).toBeLessThan(200)
  })
})

describe('typeAhead', () => {
  const rows = treeRows({ paths }, new Set(['src']))
  it('finds the next row and goes around the end', () => {
    expect(typeAhead(rows, 2, 'a')?.path).toBe('src/a10.ts')
    expect(typeAhead(rows, 3, 'a')?.path).toBe('src/a2.ts')
    expect(typeAhead(rows, 2, 'a1')?.path).toBe('src/a10.ts')
    expect(typeAhead(rows, 0, 'zz')).toBeUndefined()
  })
})

it('names the folders above a path', () => {
  expect(foldersAbove('a/b/c.ts')).toEqual(['a/b', 'a'])
})
