import { expect, test } from 'vitest'
import type { Diagnostic } from '../../types'
import { type CheckerWorker, createChecker } from './client'
import { formatTscOutput } from './format'
import type { ToChecker } from './protocol'

const problem: Diagnostic = {
  path: 'src/a.ts',
  line: 2,
  column: 14,
  endLine: 2,
  endColumn: 15,
  severity: 'error',
  message: "Type 'number' is not assignable to type 'string'.",
  code: 'ts(2322)',
}

function setUp() {
  const sent: ToChecker[] = []
  const worker: CheckerWorker & { isEnded: boolean } = {
    postMessage: (message) => sent.push(message),
    onmessage: null,
    onerror: null,
    isEnded: false,
    terminate() {
      worker.isEnded = true
    },
  }
  const answer = (id: number, diagnostics: Diagnostic[]) =>
    worker.onmessage?.(new MessageEvent('message', { data: { type: 'checked', id, diagnostics } }))
  return { worker, sent, answer, checker: createChecker(worker) }
}

test('only what TypeScript reads is sent', () => {
  const { checker, sent } = setUp()
  checker.update([
    ['src/a.ts', 'a'],
    ['readme.md', 'b'],
    ['node_modules/x/index.js', 'c'],
    ['node_modules/x/index.d.ts', 'd'],
    ['node_modules/x/package.json', '{}'],
    ['gone.tsx', null],
  ])
  checker.update([['readme.md', 'changed']])
  expect(sent).toEqual([
    {
      type: 'update',
      files: [
        ['src/a.ts', 'a'],
        ['node_modules/x/index.d.ts', 'd'],
        ['node_modules/x/package.json', '{}'],
        ['gone.tsx', null],
      ],
      replace: false,
    },
  ])
})

test('answers find their checks in any order, and an aborted one rejects at once', async () => {
  const { checker, answer } = setUp()
  const abort = new AbortController()
  const first = checker.check(null)
  const aborted = checker.check(['a.ts'], abort.signal)
  const third = checker.check(['b.ts'])
  abort.abort(new Error('stop'))
  await expect(aborted).rejects.toThrow('stop')
  answer(3, [problem])
  answer(2, [])
  answer(1, [])
  expect(await Promise.all([first, third])).toEqual([[], [problem]])
})

test('a Worker that dies fails what waits and what comes', async () => {
  const { checker, worker } = setUp()
  const waiting = checker.check(null)
  worker.onerror?.({ message: 'out of memory' } as ErrorEvent)
  await expect(waiting).rejects.toThrow('out of memory')
  await expect(checker.check(null)).rejects.toThrow('out of memory')
  expect(worker.isEnded).toBe(true)
})

test('errors are printed as tsc prints them, and warnings do not fail', () => {
  const warning: Diagnostic = { ...problem, severity: 'warning', line: 9, message: 'Not installed.', code: 'ts(2307)' }
  expect(formatTscOutput([problem, warning])).toEqual({
    output:
      "src/a.ts(2,14): error TS2322: Type 'number' is not assignable to type 'string'.\nsrc/a.ts(9,14): warning TS2307: Not installed.\n\nFound 1 error in 1 file.\n",
    exitCode: 2,
  })
  expect(formatTscOutput([warning]).exitCode).toBe(0)
  expect(formatTscOutput([])).toEqual({ output: '', exitCode: 0 })
})
