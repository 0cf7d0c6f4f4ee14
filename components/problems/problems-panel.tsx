'use client'
import { CircleAlert, CircleCheck, Info, Paperclip, TriangleAlert } from 'lucide-react'
import { useMemo } from 'react'
import type { Diagnostic } from '@/lib/sandbox'
import { useSession } from '../session-context'
import { FileIcon } from '../tree/file-icon'
import { EmptyState } from '../ui/empty-state'
import { IconButton } from '../ui/icon-button'
import { useStanding } from '../use-standing'
import { useStore } from '../use-store'
import { useWorkbench } from '../workbench-context'
import { InstallNotice } from './install-notice'

const rank = { error: 0, warning: 1, info: 2 }

export function ProblemsPanel() {
  const session = useSession()
  const workbench = useWorkbench()
  const diagnostics = useStore(session.problems, (state) => state.diagnostics)
  const checking = useStore(session.problems, (state) => state.checking)
  const standing = useStanding()
  const groups = useMemo(() => groupByFile(diagnostics), [diagnostics])

  if (groups.length === 0) {
    return (
      <EmptyState
        icon={<CircleCheck size={24} strokeWidth={1.25} />}
        title={checking ? 'Checking the types…' : 'No problems'}
      >
        Type errors of the whole project show here. F8 goes from one to the next.
      </EmptyState>
    )
  }
  return (
    <div className="h-full overflow-y-auto">
      <InstallNotice />
      <ul className="m-0 list-none p-0 px-1.5 py-1.5">
        {groups.map(([path, problems]) => (
          <li key={path} className="mb-1">
            <p className="m-0 flex h-7 items-center gap-1.5 px-1.5">
              <FileIcon path={path} />
              <span className="truncate font-medium">{path}</span>
              <span className="tabular text-meta text-muted">{problems.length}</span>
            </p>
            <ul className="m-0 list-none p-0 pl-4">
              {problems.map((problem) => (
                <li
                  key={`${problem.line}:${problem.column}:${problem.code}:${problem.message}`}
                  className="group flex items-start gap-1"
                >
                  <button
                    type="button"
                    onClick={() =>
                      workbench.openFile(path, { keep: true, place: { line: problem.line, column: problem.column } })
                    }
                    className="flex min-h-6 min-w-0 flex-1 items-start gap-2 rounded-md px-1.5 py-0.5 text-left hover:bg-hover touch:min-h-11 touch:items-center"
                  >
                    <SeverityIcon severity={problem.severity} />
                    <span className="min-w-0 flex-1">{problem.message}</span>
                    <span className="tabular whitespace-nowrap text-meta text-muted">
                      {problem.code} · {problem.line}:{problem.column}
                    </span>
                  </button>
                  {standing === null && (
                    <IconButton
                      label="Attach to the message to the agent"
                      size="sm"
                      onClick={() =>
                        workbench.attach({ kind: 'problem', path, line: problem.line, message: problem.message })
                      }
                      className="opacity-0 focus-visible:opacity-100 group-hover:opacity-100 touch:opacity-100"
                    >
                      <Paperclip size={13} aria-hidden />
                    </IconButton>
                  )}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </div>
  )
}

function groupByFile(diagnostics: readonly Diagnostic[]): [string, Diagnostic[]][] {
  const sorted = [...diagnostics].sort(
    (a, b) => a.path.localeCompare(b.path) || rank[a.severity] - rank[b.severity] || a.line - b.line,
  )
  return [...Map.groupBy(sorted, ({ path }) => path)]
}

function SeverityIcon({ severity }: { severity: Diagnostic['severity'] }) {
  const shared = { size: 14, 'aria-label': severity }
  if (severity === 'error') return <CircleAlert {...shared} className="mt-[3px] shrink-0 text-bad-text" />
  if (severity === 'warning') return <TriangleAlert {...shared} className="mt-[3px] shrink-0 text-warn-text" />
  return <Info {...shared} className="mt-[3px] shrink-0 text-muted" />
}
