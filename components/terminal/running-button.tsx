'use client'
import { Activity } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { RunningJob } from '@/lib/session/runtime/running-processes'
import { useNow } from '../agent/use-now'
import { useSession } from '../session-context'
import { Button } from '../ui/button'
import { Popover } from '../ui/popover'
import { useStore } from '../use-store'
import { useWorkbench } from '../workbench-context'
import { lastingJobs, runningFor } from './running-time'

/** “Running (2)”: what goes on in the sandbox, with a way to end it; nothing while nothing runs. */
export function RunningButton() {
  const session = useSession()
  const jobs = useStore(session.runtime.running, (state) => state.jobs)
  const [open, setOpen] = useState(false)
  // Without jobs there is no clock to run.
  if (jobs.length === 0 && !open) return null
  return <Running jobs={jobs} open={open} onOpenChange={setOpen} />
}

function Running({
  jobs,
  open,
  onOpenChange,
}: {
  jobs: readonly RunningJob[]
  open: boolean
  onOpenChange: (open: boolean) => void
}) {
  const now = useNow(500)
  const lasting = lastingJobs(jobs, now)
  const list = useRef<HTMLUListElement>(null)
  // A job that has ended takes its focused button along: the keyboard stays in the list.
  useEffect(() => {
    if (open && lasting.length > 0 && document.activeElement === document.body)
      list.current?.querySelector('button')?.focus()
  }, [open, lasting.length])
  if (lasting.length === 0 && !open) return null
  return (
    <Popover
      label="Running commands"
      open={open}
      onOpenChange={onOpenChange}
      className="max-h-[60dvh] w-80 max-w-[calc(100vw-1rem)]"
      trigger={
        <button
          type="button"
          className="inline-flex h-6 shrink-0 items-center gap-1 rounded-md px-1.5 text-meta text-muted hover:bg-hover hover:text-text data-[state=open]:bg-selected data-[state=open]:text-text touch:h-11 touch:px-3"
        >
          <Activity size={12} aria-hidden className="text-ok-text" />
          Running ({lasting.length})
        </button>
      }
    >
      {lasting.length === 0 ? (
        <p className="m-0 p-2 text-muted text-ui">Nothing is running.</p>
      ) : (
        <ul ref={list} className="m-0 list-none p-0">
          {lasting.map((job) => (
            <JobRow key={job.pid} job={job} now={now} onShow={() => onOpenChange(false)} />
          ))}
        </ul>
      )}
    </Popover>
  )
}

function JobRow({ job, now, onShow }: { job: RunningJob; now: number; onShow: () => void }) {
  const session = useSession()
  const workbench = useWorkbench()
  const [killed, setKilled] = useState(false)
  const { pid, command, ports, startedAt } = job
  const show = (port: number) => {
    onShow()
    session.preview.openServer(port)
    workbench.showPreview()
  }
  return (
    <li className="flex items-center gap-3 rounded-md px-2 py-1.5">
      <div className="min-w-0 flex-1">
        <p className="m-0 truncate font-mono text-[12px]" title={command}>
          {command}
        </p>
        <p className="m-0 flex flex-wrap gap-x-2 text-meta text-muted">
          <span>pid {pid}</span>
          {ports.map((port) => (
            <button
              key={port}
              type="button"
              aria-label={`Show port ${port} in the preview`}
              className="text-you-text underline-offset-2 hover:underline"
              onClick={() => show(port)}
            >
              port {port}
            </button>
          ))}
          <span>{runningFor(now - startedAt)}</span>
        </p>
      </div>
      <Button
        size="sm"
        aria-label={`Kill ${command}, pid ${pid}`}
        disabled={killed}
        onClick={() => {
          setKilled(true)
          session.runtime.kill(pid)
        }}
      >
        {killed ? 'Ending …' : 'Kill'}
      </Button>
    </li>
  )
}
