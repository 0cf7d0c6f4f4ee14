import type { Focus } from '@/lib/agent/context'
import type { Session } from './types'

/** What the user has in front of them, as the workbench last said. */
export interface EditorView {
  openFiles: readonly string[]
  active: string | null
  selection: Focus['selection']
}

export const emptyView: EditorView = { openFiles: [], active: null, selection: null }

/** What the agent is told of the user's place and of what is broken. A report from before the last change says nothing. */
export function focusOf({ view, problems, tests }: Pick<Session, 'view' | 'problems' | 'tests'>): Focus {
  const { openFiles, active, selection } = view.getState()
  const { diagnostics } = problems.getState()
  const count = (severity: 'error' | 'warning') => diagnostics.filter((each) => each.severity === severity).length
  const { report, stale } = tests.getState()
  const failing = stale || !report ? [] : report.suites
  return {
    openFiles,
    active,
    selection: selection?.path === active ? selection : null,
    problems: {
      errors: count('error'),
      warnings: count('warning'),
      files: [...new Set(diagnostics.filter(({ severity }) => severity !== 'info').map(({ path }) => path))],
    },
    failingTests: failing.flatMap(({ file, tests: all }) =>
      all.filter(({ status }) => status === 'failed').map(({ name }) => `${file} > ${name}`),
    ),
  }
}
