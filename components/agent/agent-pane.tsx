'use client'

import './agent.css'
import { ArrowDown } from 'lucide-react'
import { type KeyboardEvent, useMemo } from 'react'
import { ChangesBar } from '@/components/review/changes-bar'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import { useStore } from '@/components/use-store'
import { useWorkbench } from '@/components/workbench-context'
import { Announcer } from './announcer'
import { ApprovalCard } from './composer/approval-card'
import { Composer } from './composer/composer'
import { Interrupted } from './composer/interrupted'
import { QuestionCard } from './composer/question-card'
import { EmptyThread } from './empty-thread'
import { AgentHeader } from './header/agent-header'
import { type ProjectLinks, ProjectLinksContext } from './markdown/project-links'
import { eventsAt, momentsOf, replayOf } from './replay/replay'
import { ReplayBar } from './replay/replay-bar'
import { ScrollBox } from './scroll-box'
import { TurnList } from './turn-list'
import { useAttempt } from './use-attempt'
import { useStickToBottom } from './use-stick-to-bottom'
import { useThreadView } from './use-thread-view'

/** The conversation with the agent: what it did, what it asks, what to do next. */
export function AgentPane() {
  const session = useSession()
  const { agent } = session
  const attempt = useAttempt()
  const events = useStore(agent.state, (state) => state.events)
  const position = useStore(replayOf(session), (state) => state.position)
  const shown = useMemo(
    () => (position === null ? events : eventsAt(events, momentsOf(events), position)),
    [events, position],
  )
  const view = useThreadView(shown)
  const approvals = useStore(agent.state, (state) => state.approvals)
  const questions = useStore(agent.state, (state) => state.questions)
  const links = useProjectLinks()
  const { scroller, content, atEnd, toEnd } = useStickToBottom({ isEmpty: view.turns.length === 0 })
  const lastTurn = view.turns.at(-1)

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && !event.defaultPrevented && agent.state.getState().running) void attempt(agent.stop())
  }

  return (
    <ProjectLinksContext value={links}>
      <section aria-label="Agent" onKeyDown={onKeyDown} className="agent-pane flex h-full min-h-0 flex-col bg-panel">
        <AgentHeader title={view.turns[0]?.text.split('\n', 1)[0] ?? null} />
        <div className="relative min-h-0 flex-1">
          <ScrollBox
            ref={scroller}
            role="log"
            aria-label="Conversation"
            aria-live="off"
            className="absolute inset-0 overflow-y-auto overscroll-contain [overflow-anchor:none] focus-visible:-outline-offset-2"
          >
            <div ref={content} className="mx-auto flex min-h-full w-full max-w-[760px] flex-col gap-6 px-3.5 py-4">
              {view.turns.length === 0 && position === null ? (
                <EmptyThread />
              ) : (
                <TurnList turns={view.turns} isLive={position === null} atEnd={atEnd} scroller={scroller} />
              )}
            </div>
          </ScrollBox>
          {!atEnd && view.turns.length > 0 && (
            <div className="appear absolute bottom-2 left-1/2 -translate-x-1/2">
              <Button size="sm" onClick={toEnd} className="rounded-full! shadow-float">
                <ArrowDown size={12} aria-hidden />
                Jump to latest
              </Button>
            </div>
          )}
        </div>
        <div className="mx-auto flex w-full max-w-[760px] shrink-0 flex-col gap-2 p-2">
          {position !== null && <ReplayBar events={events} position={position} />}
          {position === null && approvals.length + questions.length > 0 && (
            <div className="-m-1 flex max-h-[55dvh] flex-col gap-2 overflow-y-auto p-1">
              {approvals.map((approval, index) => (
                <ApprovalCard key={approval.id} approval={approval} takesFocus={index === 0} />
              ))}
              {questions.map((set) => (
                <QuestionCard key={set.id} set={set} />
              ))}
            </div>
          )}
          <ChangesBar />
          {position === null && (
            <>
              <Interrupted />
              <Composer lastText={lastTurn?.text ?? null} onSent={toEnd} />
            </>
          )}
        </div>
        <Announcer turn={lastTurn} approvals={approvals} questions={questions} />
      </section>
    </ProjectLinksContext>
  )
}

function useProjectLinks(): ProjectLinks {
  const session = useSession()
  const workbench = useWorkbench()
  return useMemo(
    () => ({
      has: (path) => session.workspace.files.has(path),
      open: ({ path, line, column }) =>
        workbench.openFile(
          path,
          line === undefined ? {} : { place: { line, ...(column !== undefined && { column }) } },
        ),
    }),
    [session, workbench],
  )
}
