import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { applyPatch } from './index'

const folder = join(process.env.VITRINE_FIXTURES ?? '../shared/fixtures', 'apply-patch')
const oracle: { scenario: string; exit: number }[] = JSON.parse(
  readFileSync(join(folder, 'oracle-0.169.0.json'), 'utf8'),
)

/** A tree as path → text; folders are marked by a trailing slash. */
function readTree(root: string, below = ''): Map<string, string> {
  const tree = new Map<string, string>()
  if (!existsSync(join(root, below))) return tree
  for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.isDirectory()) {
      tree.set(`${path}/`, '')
      for (const [child, text] of readTree(root, path)) tree.set(child, text)
    } else tree.set(path, readFileSync(join(root, path), 'utf8'))
  }
  return tree
}

function filesOf(tree: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...tree].filter(([path]) => !path.endsWith('/')))
}

/** As on a disk: folders of new files appear, and folders that were there stay when emptied. */
function withFolders(files: ReadonlyMap<string, string>, before: ReadonlyMap<string, string>): [string, string][] {
  const tree = new Map(files)
  for (const path of before.keys()) if (path.endsWith('/')) tree.set(path, '')
  for (const path of files.keys()) {
    const parts = path.split('/').slice(0, -1)
    for (const index of parts.keys()) tree.set(`${parts.slice(0, index + 1).join('/')}/`, '')
  }
  return [...tree].sort()
}

describe('apply_patch', () => {
  test('has all 25 scenarios', () => {
    expect(oracle).toHaveLength(25)
  })

  describe.each(oracle)('$scenario', ({ scenario, exit }) => {
    const before = readTree(join(folder, scenario, 'input'))
    const expected = [...readTree(join(folder, scenario, 'expected'))].sort()
    const patch = readFileSync(join(folder, scenario, 'patch.txt'), 'utf8')

    test('leaves exactly the expected tree in strict mode', () => {
      const result = applyPatch(filesOf(before), patch, { mode: 'strict' })
      expect(withFolders(result.files, before)).toEqual(expected)
      expect(result.ok).toBe(exit === 0)
    })

    test('does the same in lenient mode, or nothing at all', () => {
      const result = applyPatch(filesOf(before), patch, { mode: 'lenient' })
      expect(result.ok).toBe(exit === 0)
      expect(withFolders(result.files, before)).toEqual(result.ok ? expected : [...before].sort())
    })
  })
})
