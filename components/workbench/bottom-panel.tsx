'use client'
import clsx from 'clsx'
import { X } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useEffect, useState } from 'react'
import { PaneBoundary } from '../pane-boundary'
import { ConsolePanel } from '../preview/console-panel'
import { ProblemsPanel } from '../problems/problems-panel'
import { useSession } from '../session-context'
import { RunningButton } from '../terminal/running-button'
import { TerminalPanel } from '../terminal/terminal-panel'
import { Badge, type Tone } from '../ui/badge'
import { IconButton } from '../ui/icon-button'
import { Tab, TabList, TabPanel, Tabs } from '../ui/tabs'
import { keysOf } from '../use-commands'
import { useStore } from '../use-store'
import { useWorkbench } from '../workbench-context'
import type { PanelTab } from './workbench'

// `ssr: false` for the Suspense boundary, see workbench-layout.tsx.
const TestsPanel = dynamic(() => import('../tests/tests-panel').then(({ TestsPanel: component }) => component), {
  ssr: false,
})

const labels: Record<PanelTab, string> = {
  terminal: 'Terminal',
  tests: 'Tests',
  problems: 'Problems',
  console: 'Console',
}
const panelTabs: readonly PanelTab[] = ['terminal', 'tests', 'problems', 'console']

export function BottomPanel({ narrow = false }: { narrow?: boolean }) {
  const workbench = useWorkbench()
  const panel = useStore(workbench.state, (state) => state.panel)
  const visible = useStore(workbench.state, (state) => (narrow ? state.narrow === 'panel' : state.shown.panel))
  const [terminalSeen, setTerminalSeen] = useState(false)
  // The terminal starts when it is first looked at and then keeps running out of sight.
  useEffect(() => {
    if (panel === 'terminal' && visible) setTerminalSeen(true)
  }, [panel, visible])

  return (
    <Tabs
      value={panel}
      onValueChange={(value) => {
        const next = panelTabs.find((tab) => tab === value)
        if (next) workbench.state.setState({ panel: next })
      }}
      className="flex h-full flex-col bg-bg"
    >
      <div className="flex shrink-0 items-center border-line border-b bg-panel pr-1.5 pl-1.5">
        <TabList label="Panel" className="min-w-0 flex-1 overflow-x-auto [scrollbar-width:none]">
          {panelTabs.map((tab) => (
            <Tab key={tab} value={tab}>
              {labels[tab]}
              <Count tab={tab} />
            </Tab>
          ))}
        </TabList>
        <RunningButton />
        {!narrow && (
          <IconButton
            label="Hide the panel"
            keys={keysOf('view.panel')}
            size="sm"
            onClick={() => workbench.setShown('panel', false)}
          >
            <X size={14} aria-hidden />
          </IconButton>
        )}
      </div>
      <TabPanel value="terminal" forceMount className={clsx(panel !== 'terminal' && 'hidden')}>
        <PaneBoundary name="Terminal">{terminalSeen && <TerminalPanel />}</PaneBoundary>
      </TabPanel>
      <TabPanel value="tests">
        <PaneBoundary name="Tests">
          <TestsPanel />
        </PaneBoundary>
      </TabPanel>
      <TabPanel value="problems">
        <PaneBoundary name="Problems">
          <ProblemsPanel />
        </PaneBoundary>
      </TabPanel>
      <TabPanel value="console">
        <PaneBoundary name="Console">
          <ConsolePanel />
        </PaneBoundary>
      </TabPanel>
    </Tabs>
  )
}

function Count({ tab }: { tab: PanelTab }) {
  const session = useSession()
  const { report, stale } = useStore(session.tests, (state) => state)
  const problems = useStore(session.problems, (state) => state.diagnostics)
  const lines = useStore(session.preview.state, (state) => state.console)
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const loud = lines.filter(({ level }) => level === 'error').length
  const counts: Record<PanelTab, { count: number | string; tone: Tone; note?: string } | null> = {
    terminal: null,
    tests: report && {
      count: `${report.passed}/${report.passed + report.failed}`,
      tone: stale ? 'neutral' : report.failed > 0 ? 'bad' : 'ok',
      ...(stale && { note: 'before the last change' }),
    },
    problems: problems.length > 0 ? { count: problems.length, tone: errors > 0 ? 'bad' : 'warn' } : null,
    console: lines.length > 0 ? { count: lines.length, tone: loud > 0 ? 'bad' : 'neutral' } : null,
  }
  const shown = counts[tab]
  return (
    shown && (
      <Badge tone={shown.tone} title={shown.note}>
        {shown.count}
        {shown.note && <span className="sr-only"> {shown.note}</span>}
      </Badge>
    )
  )
}
