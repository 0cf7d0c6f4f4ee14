'use client'
import clsx from 'clsx'
import { AppWindow, FileCode2, Files, Sparkle, SquareTerminal } from 'lucide-react'
import dynamic from 'next/dynamic'
import { type ComponentType, type ReactNode, useEffect } from 'react'
import { AgentPane } from '../agent/agent-pane'
import { EditorArea } from '../editor/editor-area'
import { PaneBoundary } from '../pane-boundary'
import { openReview } from '../review/open-review'
import { useSession } from '../session-context'
import { FileTree } from '../tree/file-tree'
import { useStore } from '../use-store'
import { useWorkbench } from '../workbench-context'
import { BottomPanel } from './bottom-panel'
import type { NarrowPane } from './workbench'

// `ssr: false` for the Suspense boundary, see workbench-layout.tsx.
const SearchPanel = dynamic(() => import('../search/search-panel').then(({ SearchPanel: component }) => component), {
  ssr: false,
})
const PreviewPane = dynamic(() => import('../preview/preview-pane').then(({ PreviewPane: component }) => component), {
  ssr: false,
})

const panes: readonly {
  pane: NarrowPane
  label: string
  Icon: ComponentType<{ size: number; strokeWidth: number }>
}[] = [
  { pane: 'files', label: 'Files', Icon: Files },
  { pane: 'editor', label: 'Editor', Icon: FileCode2 },
  { pane: 'agent', label: 'Agent', Icon: Sparkle },
  { pane: 'panel', label: 'Panel', Icon: SquareTerminal },
  { pane: 'preview', label: 'Preview', Icon: AppWindow },
]

/** One pane at a time, chosen at the bottom; the others keep their state out of sight. */
export function NarrowLayout() {
  const workbench = useWorkbench()
  const { narrow, side } = useStore(workbench.state, (state) => state)
  const session = useSession()
  // The review opens in the editor's place.
  useEffect(
    () =>
      openReview.subscribe(({ view }, before) => {
        if (view !== null && view !== before.view) workbench.showNarrow('editor')
      }),
    [workbench],
  )
  const agentWaits = useStore(
    session.agent.state,
    ({ approvals, questions, choice }) => approvals.length + questions.length > 0 || choice !== null,
  )
  return (
    <>
      <main className="relative min-h-0 flex-1">
        <NarrowPaneBox pane="files" current={narrow}>
          <PaneBoundary name="Files">{side === 'files' ? <FileTree /> : <SearchPanel />}</PaneBoundary>
        </NarrowPaneBox>
        <NarrowPaneBox pane="editor" current={narrow}>
          <EditorArea />
        </NarrowPaneBox>
        <NarrowPaneBox pane="agent" current={narrow}>
          <PaneBoundary name="Agent">
            <AgentPane />
          </PaneBoundary>
        </NarrowPaneBox>
        <NarrowPaneBox pane="panel" current={narrow}>
          <BottomPanel narrow />
        </NarrowPaneBox>
        {narrow === 'preview' && <PreviewPane narrow />}
      </main>
      <nav aria-label="Panes" className="flex shrink-0 border-line border-t bg-panel pb-[env(safe-area-inset-bottom)]">
        {panes.map(({ pane, label, Icon }) => (
          <button
            key={pane}
            type="button"
            aria-current={pane === narrow ? 'page' : undefined}
            onClick={() => workbench.showNarrow(pane)}
            className={clsx(
              'relative flex h-14 flex-1 flex-col items-center justify-center gap-0.5 text-[11px] focus-visible:-outline-offset-2',
              pane === narrow ? 'font-medium text-text' : 'text-muted',
            )}
          >
            <Icon size={19} strokeWidth={pane === narrow ? 2 : 1.6} />
            {label}
            {pane === narrow && <span aria-hidden className="absolute top-0 h-0.5 w-8 rounded-full bg-text" />}
            {pane === 'agent' && agentWaits && (
              <span
                role="status"
                aria-label="The agent waits for you"
                className="absolute top-2 right-1/4 size-2 rounded-full bg-warn"
              />
            )}
          </button>
        ))}
      </nav>
    </>
  )
}

function NarrowPaneBox({ pane, current, children }: { pane: NarrowPane; current: NarrowPane; children: ReactNode }) {
  return (
    <div className={clsx('absolute inset-0 bg-panel', pane !== current && 'invisible')} inert={pane !== current}>
      {children}
    </div>
  )
}
