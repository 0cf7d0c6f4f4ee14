'use client'
import { FileCode2 } from 'lucide-react'
import type * as Monaco from 'monaco-editor'
import dynamic from 'next/dynamic'
import { Fragment, useCallback, useEffect, useRef, useState } from 'react'
import { byteLength } from '@/lib/base'
import { PaneBoundary } from '../pane-boundary'
import { openReview, showDiff } from '../review/open-review'
import { ReviewPane } from '../review/review-pane'
import { useSession } from '../session-context'
import { EmptyState } from '../ui/empty-state'
import { Kbd } from '../ui/kbd'
import { keysOf, useRunCommand } from '../use-commands'
import { useStore } from '../use-store'
import { useWorkbench } from '../workbench-context'
import { EditorTabs } from './editor-tabs'
import { FirstEditor } from './first-editor'
import { editorStands } from './standing'
import { takeOver } from './take-over'

const loadCodeEditor = () => import('./code-editor')
const CodeEditor = dynamic(loadCodeEditor, { ssr: false })

export function EditorArea() {
  const session = useSession()
  const workbench = useWorkbench()
  const active = useStore(workbench.state, (state) => state.tabs.active)
  const data = useStore(session.files, (state) => (active === null ? undefined : state.files.get(active)))
  const isReviewing = useStore(openReview, (state) => state.view !== null)
  const [lastText, setLastText] = useState<string | null>(null)
  const isText = typeof data === 'string'
  if (isText && active !== lastText) setLastText(active)

  // Monaco holds the page up for a while when it comes, so the first paint goes before it.
  const [isPainted, setPainted] = useState(false)
  useEffect(() => {
    const frame = requestAnimationFrame(() => setTimeout(() => setPainted(true)))
    return () => cancelAnimationFrame(frame)
  }, [])
  useEffect(() => {
    if (isPainted) void loadCodeEditor()
  }, [isPainted])

  const [stands, setStands] = useState(false)
  const firstArea = useRef<HTMLTextAreaElement>(null)
  const [firstTexts] = useState(() => new Map<string, string>())
  const onStand = useCallback((editor: Monaco.editor.IStandaloneCodeEditor) => {
    takeOver(editor, firstArea.current, () => {
      editorStands()
      setStands(true)
    })
  }, [])

  return (
    <section aria-label="Editor" className="flex h-full min-w-0 flex-col bg-bg">
      <div className="flex shrink-0 items-stretch border-line border-b bg-panel">
        <EditorTabs />
      </div>
      {active !== null && !isReviewing && <PathLine path={active} />}
      <div className="relative min-h-0 flex-1">
        <PaneBoundary name="Editor">
          {lastText !== null && (
            // Kept while another kind of file shows: undo stacks and scroll positions live in it.
            <div className="absolute inset-0" hidden={!isText}>
              {isPainted && (
                <CodeEditor
                  path={isText && active !== null ? active : lastText}
                  firstTexts={firstTexts}
                  onStand={onStand}
                />
              )}
            </div>
          )}
          {!stands && isText && active !== null && (
            <div className="absolute inset-0">
              <FirstEditor key={active} path={active} text={data} area={firstArea} firstTexts={firstTexts} />
            </div>
          )}
          {active === null && <NoFile />}
          {active !== null && data instanceof Uint8Array && <BinaryFile path={active} data={data} />}
        </PaneBoundary>
        <PaneBoundary name="Review">
          <ReviewPane />
        </PaneBoundary>
      </div>
    </section>
  )
}

function PathLine({ path }: { path: string }) {
  const session = useSession()
  const change = useStore(session.review.state, (state) => state.files.find((file) => file.path === path))
  const parts = path.split('/')
  return (
    <div className="flex h-7 shrink-0 items-center gap-3 pr-2 pl-3.5 text-meta text-muted">
      <p className="m-0 flex min-w-0 flex-1 items-center gap-1 overflow-hidden whitespace-nowrap">
        {parts.map((part, index) => (
          <Fragment key={parts.slice(0, index + 1).join('/')}>
            {index > 0 && <span aria-hidden>/</span>}
            <span className={index === parts.length - 1 ? 'truncate text-text' : undefined}>{part}</span>
          </Fragment>
        ))}
      </p>
      {change && (
        <button
          type="button"
          onClick={() => showDiff(path)}
          className="flex items-center gap-2 whitespace-nowrap rounded-sm px-1.5 py-0.5 text-agent-text hover:bg-hover touch:min-h-11"
        >
          Changed by the agent <span className="tabular text-ok-text">+{change.additions}</span>
          <span className="tabular text-bad-text">−{change.deletions}</span>
        </button>
      )}
    </div>
  )
}

function NoFile() {
  const run = useRunCommand()
  const hints = [
    { id: 'go.file', label: 'Go to file' },
    { id: 'go.search', label: 'Search in files' },
    { id: 'go.command', label: 'All commands' },
    { id: 'agent.focus', label: 'Write to the agent' },
  ] as const
  return (
    <EmptyState icon={<FileCode2 size={28} strokeWidth={1.25} />} title="No file open">
      <p className="mt-1 mb-4">Pick one on the left, or:</p>
      <ul className="m-0 flex list-none flex-col gap-0.5 p-0 text-left">
        {hints.map(({ id, label }) => (
          <li key={id}>
            <button
              type="button"
              onClick={() => run(id)}
              className="flex h-8 w-64 items-center justify-between rounded-md px-2.5 text-muted hover:bg-hover hover:text-text touch:h-11"
            >
              {label}
              <Kbd keys={keysOf(id) ?? ''} />
            </button>
          </li>
        ))}
      </ul>
    </EmptyState>
  )
}

const imageTypes: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
}

function BinaryFile({ path, data }: { path: string; data: Uint8Array }) {
  const [url, setUrl] = useState<string | null>(null)
  const type = imageTypes[path.split('.').at(-1)?.toLowerCase() ?? '']
  useEffect(() => {
    if (!type) return
    const created = URL.createObjectURL(new Blob([new Uint8Array(data)], { type }))
    setUrl(created)
    return () => URL.revokeObjectURL(created)
  }, [data, type])
  return (
    <div className="flex h-full flex-col items-center justify-center gap-3 p-6 text-muted">
      {url && type && <img src={url} alt={path} className="max-h-[70%] max-w-full rounded-md border border-line" />}
      <p className="tabular m-0">
        {type ? 'Image' : 'Binary file'}, {byteLength(data).toLocaleString('en')} bytes
      </p>
    </div>
  )
}
