import { beforeEach, describe, expect, it } from 'vitest'
import type { TestReport } from '@/lib/sandbox'
import { createWorkspace, type Workspace } from '@/lib/workspace'
import { createRuntime, type SessionRuntime } from './runtime'

const report: TestReport = { passed: 1, failed: 0, skipped: 0, durationMs: 1, suites: [] }

describe('test results', () => {
  let workspace: Workspace
  let runtime: SessionRuntime
  const edit = (path: string, text: string) =>
    workspace.apply([{ path, after: text }], { origin: 'user', label: 'Typed' })

  beforeEach(() => {
    workspace = createWorkspace(new Map([['a.ts', '1']]))
    runtime = createRuntime({
      workspace,
      prefer: 'embedded',
      assertMayRun: () => undefined,
      turnId: () => null,
      onNotice: () => undefined,
      cacheScope: 'test',
      onPort: () => undefined,
    })
    runtime.tests.setState({ report })
  })

  it('go stale when code changes', () => {
    edit('a.ts', '2')
    expect(runtime.tests.getState()).toMatchObject({ report, stale: true })
  })

  it('stay fresh when prose changes', () => {
    edit('README.md', 'more')
    expect(runtime.tests.getState().stale).toBe(false)
  })
})
