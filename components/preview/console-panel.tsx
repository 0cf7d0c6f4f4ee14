'use client'
import clsx from 'clsx'
import { Ban, SquareTerminal } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { PreviewLine } from '@/lib/sandbox/embedded/preview'
import { useSession } from '../session-context'
import { Badge } from '../ui/badge'
import { EmptyState } from '../ui/empty-state'
import { IconButton } from '../ui/icon-button'
import { Select, type SelectOption } from '../ui/select'
import { useStore } from '../use-store'
import { useWorkbench } from '../workbench-context'
import { LogValueTree } from './log-value'

const lineClass: Record<PreviewLine['level'], string> = {
  debug: 'text-muted',
  log: '',
  info: 'text-you-text',
  warn: 'bg-warn-surface text-warn-text',
  error: 'bg-bad-surface text-bad-text',
}
type Filter = 'all' | 'warn' | 'error'
const filters: readonly SelectOption<Filter>[] = [
  { value: 'all', label: 'All levels' },
  { value: 'warn', label: 'Warnings and errors' },
  { value: 'error', label: 'Errors' },
]
const levelsOf: Record<Filter, readonly PreviewLine['level'][]> = {
  all: ['debug', 'log', 'info', 'warn', 'error'],
  warn: ['warn', 'error'],
  error: ['error'],
}

/** What the previewed page wrote to its console. */
export function ConsolePanel() {
  const { preview } = useSession()
  const all = useStore(preview.state, (state) => state.console)
  const [filter, setFilter] = useState<Filter>('all')
  const lines = all.filter(({ level }) => levelsOf[filter].includes(level))
  const list = useRef<HTMLOListElement>(null)
  // New lines scroll into view
  // scrollIntoView returns a promise in newer browsers, which an effect must not.
  useEffect(() => void list.current?.lastElementChild?.scrollIntoView({ block: 'nearest' }), [all])
  if (all.length === 0) {
    return (
      <EmptyState icon={<SquareTerminal size={24} strokeWidth={1.25} />} title="The console is quiet">
        Open the preview: what the page logs shows here, and the agent can read it.
      </EmptyState>
    )
  }
  return (
    <div className="flex h-full flex-col">
      <div className="flex shrink-0 items-center gap-1 border-line border-b px-1.5 py-0.5">
        <IconButton label="Clear the console" size="sm" onClick={() => preview.clearConsole()}>
          <Ban size={13} aria-hidden />
        </IconButton>
        <Select label="Levels to show" quiet value={filter} options={filters} onChange={setFilter} />
      </div>
      <ol ref={list} className="m-0 min-h-0 flex-1 list-none overflow-y-auto p-0 py-1.5">
        {lines.map((line, index) => (
          <ConsoleLine key={`${index}:${line.text.slice(0, 80)}`} line={line} />
        ))}
      </ol>
    </div>
  )
}

function ConsoleLine({ line }: { line: PreviewLine }) {
  const workbench = useWorkbench()
  const { place } = line
  return (
    <li
      className={clsx(
        'flex gap-2 whitespace-pre-wrap break-words px-3.5 py-0.5 font-mono text-[12px] leading-[18px]',
        lineClass[line.level],
      )}
    >
      {line.count > 1 && <Badge tone="neutral">{line.count}</Badge>}
      <span className="min-w-0 flex-1">
        <span className="sr-only">{line.level}: </span>
        {line.values.length === 0
          ? line.text
          : line.values.map((value, index) => <LogValueTree key={`${index}`} value={value} />)}
      </span>
      {place && (
        <button
          type="button"
          className="shrink-0 self-start text-meta underline-offset-2 hover:underline"
          onClick={() =>
            workbench.openFile(place.path, { keep: true, place: { line: place.line, column: place.column } })
          }
        >
          {place.path}:{place.line}
        </button>
      )}
    </li>
  )
}
