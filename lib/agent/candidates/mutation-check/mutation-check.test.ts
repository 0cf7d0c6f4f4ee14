import { describe, expect, it } from 'vitest'
import { createWorkspace, type FileMap } from '@/lib/workspace'
import { reportOf } from '../../testing/attempts'
import { createForkableSandbox } from '../../testing/forkable-sandbox'
import { checkTests } from './check-tests'
import { mutantsOf, spread } from './mutants'

const breaks = (text: string, path = 'a.ts', lines: Set<number> | null = null) =>
  mutantsOf(path, text, lines).map(({ line, before, after }) => `${line}: ${before} → ${after}`)

describe('ways to break a file', () => {
  it('turns comparisons, operators, conditions, returned values and numbers', () => {
    expect(breaks("function f(a: number) {\n  if (a < 3 && a !== 0) return a * 2\n  return 'no'\n}\n")).toEqual([
      '2: a < 3 && a !== 0 → !(a < 3 && a !== 0)',
      '2: < → <=',
      '2: 3 → 4',
      '2: && → ||',
      '2: !== → ===',
      '2: 0 → 1',
      '2: return → void',
      '2: * → /',
      '2: 2 → 3',
      '3: return → void',
    ])
  })

  it('leaves types, tags, strings, comments, templates’ text, patterns and imports alone', () => {
    const text = [
      "import { a } from './2.js'",
      'type T = 1 | 2',
      'const list = new Map<string, Array<number>>()',
      "const text = '1 < 2 && 3' // 4 > 5",
      'const view = <p>text</p>',
      `const shown = \`1 + \${a} === 2\``,
      'const pattern = /1 < 2/',
      'const half = 1.5',
    ].join('\n')
    expect(breaks(text, 'a.tsx')).toEqual([])
  })

  it('breaks only the lines it is given, and only languages it knows', () => {
    expect(breaks('const a = 1\nconst b = 2\n', 'a.ts', new Set([2]))).toEqual(['2: 2 → 3'])
    expect(breaks('a = 1\n', 'a.py')).toEqual([])
    expect(breaks('declare const a: 1\n', 'a.d.ts')).toEqual([])
  })

  it('keeps the strings within a condition that it negates', () => {
    const [mutant] = mutantsOf('a.js', "if (kind === 'x') go()\n")
    expect(mutant?.text).toBe("if (!(kind === 'x')) go()\n")
  })

  it('spreads a limit evenly', () => {
    expect(spread([0, 1, 2, 3, 4, 5, 6, 7], 4)).toEqual([0, 2, 4, 6])
    expect(spread([1], 4)).toEqual([1])
  })
})

const before = 'export const old = true\n'
const after = 'export function isSmall(n) {\n  return n < 10\n}\n'
const files = { 'src/a.js': after, 'src/a.test.js': "import { isSmall } from './a.js'\n" }

function check(report: (files: FileMap) => boolean, { changed = after, tests = files } = {}) {
  const workspace = createWorkspace(new Map(Object.entries(tests)))
  const machine = createForkableSandbox((map) => reportOf({ 'tells small from large': report(map) }), workspace.files)
  const progress: string[] = []
  const checking = checkTests({
    workspace,
    sandbox: async () => machine.sandbox,
    synced: async () => {},
    changes: [{ path: 'src/a.js', before, after: changed }],
    cores: 2,
    signal: new AbortController().signal,
    onProgress: (done, total) => progress.push(`${done}/${total}`),
  })
  return checking.then((result) => ({ result, machine, workspace, progress }))
}

describe('the check of the tests', () => {
  it('reports which breaks the tests notice and which not, without touching the project', async () => {
    const { result, machine, workspace, progress } = await check(
      (map) => !/void|!\(|<=/.test(String(map.get('src/a.js'))),
    )
    expect(result).toMatchObject({
      kind: 'checked',
      noticed: 2,
      tried: [
        { line: 2, before: 'return', after: 'void', noticedBy: 'tells small from large' },
        { line: 2, before: '<', after: '<=', noticedBy: 'tells small from large' },
        { line: 2, before: '10', after: '11', noticedBy: null },
      ],
    })
    expect(workspace.version).toBe(0)
    expect(progress).toEqual(['1/3', '2/3', '3/3'])
    await new Promise((resolve) => setTimeout(resolve))
    expect(machine.disposed()).toBe(machine.forks())
  })

  it('says why it can tell nothing', async () => {
    const why = async (...given: Parameters<typeof check>) => (await check(...given)).result
    expect(await why(() => false)).toEqual({ kind: 'not-checked', why: expect.stringContaining('fails already') })
    expect(await why(() => true, { changed: 'export const name = title\n' })).toMatchObject({
      why: expect.stringContaining('nothing to break'),
    })
    expect(await why(() => true, { tests: { 'src/a.js': after, 'src/a.test.js': '' } })).toMatchObject({
      why: expect.stringContaining('No test imports'),
    })
  })
})
