'use client'
import { useSession } from '../session-context'
import { useStore } from '../use-store'

export type Edge = 'verified' | 'running' | 'failed' | 'none'

/**
 * The glass edge of a file: tests speak for test files; a file the agent changed shines once all tests pass;
 * type errors break the line of any file. What was found before the last change of code says nothing any more.
 */
export function useEdges(): (path: string) => Edge {
  const session = useSession()
  const tests = useStore(session.tests, (state) => state)
  const diagnostics = useStore(session.problems, (state) => state.diagnostics)
  const review = useStore(session.review.state, (state) => state.files)
  const agentRuns = useStore(session.agent.state, (state) => state.running)
  return (path) => {
    if (diagnostics.some((problem) => problem.path === path && problem.severity === 'error')) return 'failed'
    const isChanged = review.some((file) => file.path === path)
    const suite = tests.report?.suites.find(({ file }) => file === path)
    if ((tests.running && suite) || (agentRuns && isChanged)) return 'running'
    if (tests.stale) return 'none'
    if (suite) return suite.error || suite.tests.some(({ status }) => status === 'failed') ? 'failed' : 'verified'
    const { report } = tests
    return isChanged && report && report.failed === 0 && report.passed > 0 ? 'verified' : 'none'
  }
}
