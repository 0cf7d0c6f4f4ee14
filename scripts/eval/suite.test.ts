import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { toReport, toTable } from './report.mjs'
import { isSuite, readSuite, withHidden } from './suite.mjs'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

function write(files: Record<string, string | Uint8Array>): string {
  const folder = mkdtempSync(join(tmpdir(), 'suite-'))
  folders.push(folder)
  for (const [path, data] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), data)
  }
  return folder
}

const task = { title: 'T', prompt: 'Do it', judge: { tests: ['a.test.js', 'hidden/b.test.js'] } }
const good = {
  'one/task.json': JSON.stringify(task),
  'one/files/a.test.js': 'own',
  'one/files/src/a.js': 'start',
  'one/hidden/hidden/b.test.js': 'hidden',
  'README.md': 'Not a task.',
}

describe('a task suite', () => {
  it('is read with its files by path', () => {
    const folder = write(good)
    expect(isSuite(folder)).toBe(true)
    expect(readSuite(folder)).toEqual([
      {
        ...task,
        name: 'one',
        limits: {},
        files: { 'a.test.js': 'own', 'src/a.js': 'start' },
        hidden: { 'hidden/b.test.js': 'hidden' },
        solution: null,
      },
    ])
    expect(isSuite(write({ 'a.json': '{}' }))).toBe(false)
  })

  it('is judged by its own tests, whatever the agent made of them', () => {
    const [read] = readSuite(write(good))
    if (!read) throw new Error('There is no task.')
    const own = {
      'a.test.js': 'made to pass',
      'hidden/b.test.js': 'made to pass',
      'src/a.js': 'work',
      'src/b.js': 'more',
    }
    expect(withHidden(read, own)).toEqual({
      'a.test.js': 'own',
      'hidden/b.test.js': 'hidden',
      'src/a.js': 'work',
      'src/b.js': 'more',
    })
  })

  it.each<[string, Record<string, string | Uint8Array>, RegExp]>([
    ['JSON that is none', { 'one/task.json': '{' }, /one\/task\.json: /],
    [
      'a misspelled field',
      { 'one/task.json': JSON.stringify({ ...task, promt: '' }) },
      /task\.json: the task: .*promt/,
    ],
    ['no way to judge', { 'one/task.json': JSON.stringify({ ...task, judge: {} }) }, /judge: needs “tests”/],
    ['a limit of nothing', { 'one/task.json': JSON.stringify({ ...task, limits: { steps: 0 } }) }, /limits\.steps: /],
    [
      'a path that leads out',
      { 'one/task.json': JSON.stringify({ ...task, judge: { tests: ['../x'] } }) },
      /judge\.tests\.0: /,
    ],
    ['no files to start with', { 'one/task.json': JSON.stringify(task) }, /has no folder “files”/],
    [
      'a test that is nowhere',
      { ...good, 'one/task.json': JSON.stringify({ ...task, judge: { tests: ['c.js'] } }) },
      /names c\.js/,
    ],
    ['a file that is no text', { ...good, 'one/files/a.png': Uint8Array.of(0x89, 0xff) }, /a\.png is no text/],
  ])('is refused in a sentence for %s', (_what, files, sentence) => {
    expect(() => readSuite(write(files))).toThrow(sentence)
  })
})

const attempt = (passed: boolean, dollars: number | null) => ({
  ...{ passed, why: '', status: 'done', verified: true, steps: 3, seconds: 1.25, dollars },
  tokens: { input: 100, cached: 60, output: 10, total: 110 },
})

describe('a report', () => {
  it('sums up tasks and the suite, and tells no dollars where a price is unknown', () => {
    const tasks = [
      { name: 'one', title: 'One', attempts: [attempt(true, 0.5), attempt(false, 0.25)] },
      { name: 'two', title: 'Two', attempts: [attempt(true, null), attempt(true, 0.5)] },
    ]
    const report = toReport({ suite: 'starter', model: 'm', tasks })
    expect(report).toMatchObject({
      passRate: 0.75,
      sum: { attempts: 4, passed: 3, steps: 12, tokens: 440, cachedTokens: 240, dollars: null, seconds: 5 },
      tasks: [{ sum: { passRate: 0.5, dollars: 0.75 } }, { sum: { passRate: 1, dollars: null } }],
    })
    expect(toTable(report)).toMatchInlineSnapshot(`
      "task     passed  steps  tokens  cached  dollars  seconds
      one    1/2 50 %      6     220     120   0.7500      2.5
      two   2/2 100 %      6     220     120        –      2.5
      all    3/4 75 %     12     440     240        –      5.0"
    `)
  })
})
