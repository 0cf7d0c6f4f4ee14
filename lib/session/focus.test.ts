import { describe, expect, it } from 'vitest'
import { createStore } from '@/lib/base'
import type { Diagnostic } from '@/lib/sandbox'
import { type EditorView, emptyView, focusOf } from './focus'
import type { Session } from './types'

const problem = (path: string, severity: Diagnostic['severity']): Diagnostic => ({
  path,
  severity,
  message: '',
  code: '',
  ...{ line: 1, column: 1, endLine: 1, endColumn: 1 },
})

function focus(view: EditorView, stale = false) {
  const report = {
    ...{ passed: 1, failed: 1, skipped: 0, durationMs: 1 },
    suites: [
      {
        file: 'tests/a.test.ts',
        tests: [
          { name: 'adds', status: 'failed' as const, durationMs: 1 },
          { name: 'takes', status: 'passed' as const, durationMs: 1 },
        ],
      },
    ],
  }
  const session: Pick<Session, 'view' | 'problems' | 'tests'> = {
    view: createStore(() => view),
    problems: createStore(() => ({
      diagnostics: [problem('a.ts', 'error'), problem('a.ts', 'warning'), problem('b.ts', 'info')],
      checking: false,
    })),
    tests: createStore(() => ({ running: false, origin: null, report, stale, coverage: false })),
  }
  return focusOf(session)
}

describe('focusOf', () => {
  it('tells what is open, selected, wrong and failing', () => {
    const selection = { path: 'a.ts', startLine: 1, endLine: 2 }
    expect(focus({ openFiles: ['a.ts'], active: 'a.ts', selection })).toEqual({
      openFiles: ['a.ts'],
      active: 'a.ts',
      selection,
      problems: { errors: 1, warnings: 1, files: ['a.ts'] },
      failingTests: ['tests/a.test.ts > adds'],
    })
  })

  it('forgets the selection of a file that is no longer in front', () => {
    const selection = { path: 'a.ts', startLine: 1, endLine: 2 }
    expect(focus({ openFiles: ['a.ts', 'b.ts'], active: 'b.ts', selection }).selection).toBeNull()
  })

  it('does not repeat a report from before the last change', () => {
    expect(focus(emptyView, true).failingTests).toEqual([])
  })
})
