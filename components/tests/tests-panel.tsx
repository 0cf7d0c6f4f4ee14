'use client'
import clsx from 'clsx'
import { Check, ChevronRight, CircleDashed, FlaskConical, Play, Timer, X } from 'lucide-react'
import { useState } from 'react'
import { ScrollBox } from '@/components/agent/scroll-box'
import { plural } from '@/lib/base'
import type { TestCase, TestReport, TestSuite } from '@/lib/sandbox'
import { useSession } from '../session-context'
import { Button } from '../ui/button'
import { EmptyState } from '../ui/empty-state'
import { IconButton } from '../ui/icon-button'
import { Input } from '../ui/input'
import { Spinner } from '../ui/spinner'
import { useRunCommand } from '../use-commands'
import { useReason } from '../use-standing'
import { useStore } from '../use-store'
import { useWorkbench } from '../workbench-context'
import { CoverageList } from './coverage-list'
import { filterReport, formatMs, suiteStatus } from './test-summary'

export function TestsPanel() {
  const session = useSession()
  const run = useRunCommand()
  const { running, origin, report, stale, coverage } = useStore(session.tests, (state) => state)
  const reason = useReason()
  const [filter, setFilter] = useState('')
  const [failedOnly, setFailedOnly] = useState(false)

  if (!report) {
    return (
      <EmptyState
        icon={running ? undefined : <FlaskConical size={24} strokeWidth={1.25} />}
        title={running ? 'Running the tests…' : 'No test results yet'}
        action={
          !running && (
            <>
              <Button tone="primary" disabled={reason !== undefined} title={reason} onClick={() => run('run.tests')}>
                Run all tests
              </Button>
              <Button disabled={reason !== undefined} title={reason} onClick={() => run('run.coverage')}>
                Run with coverage
              </Button>
            </>
          )
        }
      >
        {running ? (
          <Spinner />
        ) : (
          (reason ?? 'Files named *.test.ts run here, in this tab. The agent runs them after each change.')
        )}
      </EmptyState>
    )
  }
  const shown = filterReport(report, filter, failedOnly)
  return (
    <div className="flex h-full flex-col">
      <div className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-2 gap-y-1 py-1 pr-2 pl-3.5">
        <Summary report={report} running={running} origin={origin} stale={stale} coverage={coverage} />
        <span className="flex-1" />
        <Button
          size="sm"
          tone="quiet"
          aria-pressed={coverage}
          disabled={running || reason !== undefined}
          title={coverage ? 'Show no coverage' : 'Run with coverage: shows in the editor which lines the tests run'}
          className="aria-pressed:bg-selected aria-pressed:text-text"
          onClick={() => (coverage ? session.tests.setState({ coverage: false }) : run('run.coverage'))}
        >
          Coverage
        </Button>
        <Button
          size="sm"
          tone="quiet"
          aria-pressed={failedOnly}
          className="aria-pressed:bg-selected aria-pressed:text-text"
          onClick={() => setFailedOnly(!failedOnly)}
        >
          Failed only
        </Button>
        <Input
          aria-label="Filter tests"
          placeholder="Filter"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          className="h-6! w-36! touch:h-9! touch:flex-1"
        />
        <IconButton
          label="Run all tests"
          size="sm"
          disabled={running || reason !== undefined}
          onClick={() => run('run.tests')}
        >
          <Play size={13} aria-hidden />
        </IconButton>
      </div>
      <ul className="m-0 min-h-0 flex-1 list-none overflow-y-auto p-0 px-1.5 pb-3">
        {report.slower && !running && <Slower slower={report.slower} />}
        {shown.map((suite) => (
          <Suite key={suite.file} suite={suite} running={running} />
        ))}
        {coverage && report.coverage && <CoverageList coverage={report.coverage} />}
        {shown.length === 0 && <li className="px-2 py-4 text-muted">No test matches. Change the filter.</li>}
      </ul>
    </div>
  )
}

function Summary({
  report,
  running,
  origin,
  stale,
  coverage,
}: {
  report: TestReport
  running: boolean
  origin: 'user' | 'agent' | null
  stale: boolean
  coverage: boolean
}) {
  return (
    <p role="status" className="tabular m-0 flex items-center gap-2 whitespace-nowrap">
      {running ? (
        <Spinner size={13} label={origin === 'agent' ? 'The agent runs the tests…' : 'Running…'} />
      ) : (
        <>
          {report.failed > 0 ? (
            <span className={clsx('font-medium', stale ? 'text-muted' : 'text-bad-text')}>{report.failed} failed</span>
          ) : (
            <span className={clsx('font-medium', stale ? 'text-muted' : 'text-ok-text')}>All passed</span>
          )}
          <span className="text-muted">
            {report.passed} passed{report.skipped > 0 && `, ${report.skipped} skipped`} in {formatMs(report.durationMs)}
            {coverage && report.coverage && `, ${Math.round(report.coverage.pct)} % of lines`}
            {stale && ', before the last change'}
          </span>
        </>
      )}
    </p>
  )
}

/** What passes but became slow, in one line. */
function Slower({ slower }: { slower: NonNullable<TestReport['slower']> }) {
  const workbench = useWorkbench()
  const [first] = slower
  if (!first) return null
  return (
    <li>
      <button
        type="button"
        onClick={() => workbench.openFile(first.file, { keep: true })}
        className="flex min-h-7 w-full items-center gap-1.5 rounded-md px-2 text-left text-warn-text hover:bg-hover touch:min-h-11"
      >
        <Timer size={13} aria-hidden className="shrink-0" />
        <span className="min-w-0 truncate">
          Slower than before: {first.name}, {formatMs(first.durationMs)}, was {formatMs(first.usualMs)}
          {slower.length > 1 && `, and ${plural(slower.length - 1, 'other test')}`}
        </span>
      </button>
    </li>
  )
}

function Suite({ suite, running }: { suite: TestSuite; running: boolean }) {
  const session = useSession()
  const workbench = useWorkbench()
  const reason = useReason()
  const [open, setOpen] = useState(true)
  const status = suiteStatus(suite)
  return (
    <li>
      <div className="group flex h-7 items-center gap-1.5 rounded-md px-1.5 hover:bg-hover touch:h-11">
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="flex min-w-0 flex-1 items-center gap-1.5 text-left"
        >
          <ChevronRight size={13} aria-hidden className={clsx('shrink-0 text-muted', open && 'rotate-90')} />
          <StatusIcon status={running ? 'todo' : status} />
          <span className="truncate font-medium">{suite.file}</span>
          <span className="tabular whitespace-nowrap text-meta text-muted">{plural(suite.tests.length, 'test')}</span>
        </button>
        <span className="flex opacity-0 focus-within:opacity-100 group-hover:opacity-100 touch:opacity-100">
          <Button size="sm" tone="quiet" onClick={() => workbench.openFile(suite.file, { keep: true })}>
            Open
          </Button>
          <Button
            size="sm"
            tone="quiet"
            disabled={running || reason !== undefined}
            title={reason}
            onClick={() => void session.runtime.test({ files: [suite.file] })}
          >
            Run file
          </Button>
        </span>
      </div>
      {open && (
        <ul className="m-0 list-none p-0 pl-5">
          {suite.error && (
            <li className="py-1 pl-6">
              <ErrorText text={suite.error} />
            </li>
          )}
          {suite.tests.map((test) => (
            <Test key={test.name} test={test} file={suite.file} />
          ))}
        </ul>
      )}
    </li>
  )
}

function Test({ test, file }: { test: TestCase; file: string }) {
  const workbench = useWorkbench()
  const place = test.location ?? { file, line: 1, column: 1 }
  const groups = test.name.split(' > ')
  return (
    <li>
      <button
        type="button"
        onClick={() => workbench.openFile(place.file, { place: { line: place.line, column: place.column } })}
        className="flex min-h-6 w-full items-center gap-1.5 rounded-md px-1.5 text-left hover:bg-hover touch:min-h-11"
      >
        <StatusIcon status={test.status} />
        <span className="min-w-0 flex-1 truncate">
          {groups.length > 1 && <span className="text-muted">{groups.slice(0, -1).join(' › ')} › </span>}
          {groups.at(-1)}
        </span>
        <span className="tabular whitespace-nowrap text-meta text-muted">
          {test.status === 'skipped' || test.status === 'todo' ? test.status : formatMs(test.durationMs)}
        </span>
      </button>
      {test.error && (
        <div className="py-1 pl-7">
          <ErrorText text={test.error} />
          {test.location && (
            <button
              type="button"
              className="mt-1 text-meta text-you-text hover:underline touch:min-h-11"
              onClick={() => workbench.openFile(place.file, { place: { line: place.line, column: place.column } })}
            >
              {place.file}:{place.line}
            </button>
          )}
        </div>
      )}
    </li>
  )
}

function ErrorText({ text }: { text: string }) {
  return (
    <div data-edge="failed" className="glass-edge rounded-md bg-bad-surface">
      <ScrollBox aria-label="Why it failed" className="max-h-60 overflow-auto py-1.5 pr-2 pl-3.5 text-bad-text">
        <pre className="m-0 whitespace-pre-wrap font-mono text-[12px] leading-[18px]">{text}</pre>
      </ScrollBox>
    </div>
  )
}

function StatusIcon({ status }: { status: TestCase['status'] }) {
  const size = 13
  if (status === 'passed')
    return <Check size={size} aria-label="passed" strokeWidth={2.5} className="shrink-0 text-ok-text" />
  if (status === 'failed')
    return <X size={size} aria-label="failed" strokeWidth={2.5} className="shrink-0 text-bad-text" />
  return <CircleDashed size={size} aria-label={status} className="shrink-0 text-muted" />
}
