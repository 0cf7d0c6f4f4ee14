'use client'

import { useEffect, useState } from 'react'
import { AgentPane } from '@/components/agent/agent-pane'
import { createFakeSession } from '@/components/gallery/fake-session'
import { showReview } from '@/components/review/open-review'
import { ReviewPane } from '@/components/review/review-pane'
import { SessionProvider } from '@/components/session-context'
import { Overlays } from '@/components/workbench/overlays'
import { useWorkbench, WorkbenchProvider } from '@/components/workbench-context'
import { createStore } from '@/lib/base'
import type { Session } from '@/lib/session/types'
import { inspected } from './inspected'
import { type Scenario, scenarios } from './scenarios'
import { playStream } from './stream'

/** `/gallery/agent` shows all states side by side, `?state=<name>` one of them at full width. */
export function AgentGallery() {
  const [only, setOnly] = useState<string | null | undefined>(undefined)
  useEffect(() => setOnly(new URLSearchParams(location.search).get('state')), [])
  if (only === undefined) return null
  const chosen = scenarios.filter(({ name }) => name === only)
  if (chosen[0]) {
    return (
      <main className="relative h-dvh">
        <Pane scenario={chosen[0]} isAlone />
      </main>
    )
  }
  return (
    <main className="flex flex-wrap gap-6 p-6">
      {scenarios.map((scenario) => (
        <figure key={scenario.name} className="m-0">
          <figcaption className="pb-2 font-medium">{scenario.name}</figcaption>
          <div className="h-[760px] w-[420px] relative overflow-hidden rounded-lg border">
            <Pane scenario={scenario} />
          </div>
        </figure>
      ))}
    </main>
  )
}

function Pane({ scenario, isAlone = false }: { scenario: Scenario; isAlone?: boolean }) {
  const [session] = useState(() => sessionFor(scenario))
  useEffect(() => (scenario.streams ? playStream(session.agent.state) : undefined), [scenario, session])
  return (
    <SessionProvider session={session}>
      <WorkbenchProvider>
        <AgentPane />
        <ReviewPane />
        <Prepared scenario={scenario} isAlone={isAlone} />
      </WorkbenchProvider>
    </SessionProvider>
  )
}

/** What else a scenario begins with: things attached and, where it has the page to itself, what lies over the pane. */
function Prepared({ scenario, isAlone }: { scenario: Scenario; isAlone: boolean }) {
  const { attachments = [], report, opens } = scenario
  const workbench = useWorkbench()
  useEffect(() => {
    for (const attachment of attachments) workbench.attach(attachment)
    if (!isAlone) return
    if (report) workbench.setOverlay('inspector')
    if (opens) showReview(opens)
  }, [attachments, report, opens, isAlone, workbench])
  return <Overlays />
}

/** A session of the gallery whose agent answers presses by changing its state, without a model. */
function sessionFor({ restricted = false, ...scenario }: Scenario): Session {
  const session = createFakeSession({ restricted })
  const { state } = session.agent
  state.setState({ ...scenario.thread })
  session.reviewer.state.setState({ result: scenario.findings ?? null })
  session.review.keep()
  session.review.delivered(session.review.state.getState().outcomes)
  for (const { path, before, after } of scenario.review ?? []) {
    session.workspace.apply([{ path, after: before }], { origin: 'import', label: 'Before' })
    session.workspace.apply([{ path, after }], { origin: 'agent', label: 'Patch', turnId: 'turn-1' })
  }
  const drop = (id: string) =>
    state.setState(({ approvals }) => ({ approvals: approvals.filter((approval) => approval.id !== id) }))
  return {
    ...session,
    agent: {
      ...session.agent,
      stop: async () => state.setState({ running: false }),
      steer: async () => undefined,
      approve: async (id) => drop(id),
      answer: async () => state.setState({ questions: [] }),
      choose: async () => state.setState({ choice: null }),
      inspect: async () => scenario.report ?? inspected,
      newThread: async () => state.setState({ events: [], approvals: [], running: false }),
    },
    checkpoints: { ...session.checkpoints, state: createStore(() => ({ list: scenario.checkpoints ?? [] })) },
  }
}
