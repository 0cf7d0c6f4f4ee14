'use client'
import dynamic from 'next/dynamic'
import { Group, Panel } from 'react-resizable-panels'
import { AgentPane } from '../agent/agent-pane'
import { EditorArea } from '../editor/editor-area'
import { PaneBoundary } from '../pane-boundary'
import { FileTree } from '../tree/file-tree'
import { useCommandKeys } from '../use-commands'
import { narrowQuery, useMediaQuery } from '../use-media-query'
import { useStore } from '../use-store'
import { useWorkbench } from '../workbench-context'
import { BottomPanel } from './bottom-panel'
import { CollapsiblePanel, PaneSeparator } from './collapsible-panel'
import { NarrowLayout } from './narrow-layout'
import { Notices } from './notices'
import { Overlays } from './overlays'
import { StatusBar } from './status-bar'
import { TitleBar } from './title-bar'

// `ssr: false` also gives each its own Suspense boundary: without one, a pane that loads would hide the whole
// workbench for a moment, and Monaco does not survive that.
const SearchPanel = dynamic(() => import('../search/search-panel').then(({ SearchPanel: component }) => component), {
  ssr: false,
})
const PreviewPane = dynamic(() => import('../preview/preview-pane').then(({ PreviewPane: component }) => component), {
  ssr: false,
})

/** The whole screen of an open project. */
export function WorkbenchLayout() {
  const narrow = useMediaQuery(narrowQuery)
  useCommandKeys()
  return (
    <div className="flex h-dvh flex-col overflow-hidden">
      <TitleBar narrow={narrow} />
      <Notices />
      {narrow ? <NarrowLayout /> : <WideLayout />}
      {!narrow && <StatusBar />}
      <Overlays />
    </div>
  )
}

function WideLayout() {
  const { shown, side } = useStore(useWorkbench().state, (state) => state)
  return (
    <main className="min-h-0 flex-1">
      <Group orientation="horizontal" className="h-full">
        <CollapsiblePanel pane="side" size={236} min={170} max="40%">
          <nav aria-label="Project" className="h-full bg-panel">
            <PaneBoundary name="Files">{side === 'files' ? <FileTree /> : <SearchPanel />}</PaneBoundary>
          </nav>
        </CollapsiblePanel>
        <PaneSeparator direction="row" hidden={!shown.side} />
        <Panel id="center" minSize={280}>
          <Group orientation="vertical" className="h-full">
            <Panel id="top" minSize={120}>
              <Group orientation="horizontal" className="h-full">
                <Panel id="editor" minSize={200}>
                  <EditorArea />
                </Panel>
                <PaneSeparator direction="row" hidden={!shown.preview} />
                <CollapsiblePanel pane="preview" size={380} min={220} max="70%">
                  {shown.preview && <PreviewPane />}
                </CollapsiblePanel>
              </Group>
            </Panel>
            <PaneSeparator direction="column" hidden={!shown.panel} />
            <CollapsiblePanel pane="panel" size={232} min={120} max="80%">
              <BottomPanel />
            </CollapsiblePanel>
          </Group>
        </Panel>
        <PaneSeparator direction="row" hidden={!shown.agent} />
        <CollapsiblePanel pane="agent" size={408} min={300} max="60%">
          <aside aria-label="Agent" className="h-full bg-panel">
            <PaneBoundary name="Agent">
              <AgentPane />
            </PaneBoundary>
          </aside>
        </CollapsiblePanel>
      </Group>
    </main>
  )
}
