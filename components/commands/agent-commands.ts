import { attemptCount, describeAttempts, nextAttemptCount } from '../agent/candidates/attempt-count'
import { replayOf } from '../agent/replay/replay'
import type { Workbench } from '../workbench/workbench'
import { type Command, canChange } from './command'

export const agentCommands = [
  {
    id: 'agent.focus',
    title: 'Write to the agent',
    group: 'Agent',
    keys: 'Mod+I',
    run: ({ workbench }) => focusComposer(workbench),
  },
  {
    id: 'agent.stop',
    title: 'Stop the agent',
    group: 'Agent',
    available: ({ session }) => session.agent.state.getState().running,
    run: ({ session }) => session.agent.stop(),
  },
  {
    id: 'agent.attempts',
    title: 'Change the number of attempts (1×, 2×, 4×, 8×)',
    group: 'Agent',
    available: canChange,
    run: ({ session, toast }) => {
      const store = attemptCount(session)
      store.setState(({ count }) => ({ count: nextAttemptCount(count) }))
      toast({ text: describeAttempts(store.getState().count) })
    },
  },
  {
    id: 'agent.attach-selection',
    title: 'Attach the selected lines to the message',
    group: 'Agent',
    available: (context) => canChange(context) && context.session.view.getState().selection !== null,
    run({ session, workbench }) {
      const { selection } = session.view.getState()
      if (selection !== null) workbench.attach({ kind: 'file', ...selection })
      focusComposer(workbench)
    },
  },
  {
    id: 'agent.inspect',
    title: 'Inspect the context of the next request',
    group: 'Agent',
    run: ({ workbench }) => workbench.setOverlay('inspector'),
  },
  {
    id: 'agent.connect-model',
    title: 'Connect a model, or use your own key…',
    group: 'Agent',
    run: ({ workbench }) => workbench.setOverlay('connect'),
  },
  {
    id: 'agent.limits',
    title: 'Limits of turns and conversations…',
    group: 'Agent',
    run: ({ workbench }) => workbench.setOverlay('limits'),
  },
  {
    id: 'agent.tool-servers',
    title: 'Tools from servers (MCP): add, switch on and off…',
    group: 'Agent',
    run: ({ workbench }) => workbench.setOverlay('tool-servers'),
  },
  {
    id: 'agent.new-thread',
    title: 'New conversation',
    group: 'Agent',
    available: canChange,
    run: ({ session }) => session.agent.newThread(),
  },
  {
    id: 'agent.threads',
    title: 'Conversations…',
    group: 'Agent',
    run: ({ workbench }) => workbench.setOverlay('threads'),
  },
  {
    id: 'agent.replay',
    title: 'Replay the conversation',
    group: 'Agent',
    available: ({ session }) => {
      const { events, running } = session.agent.state.getState()
      return events.length > 0 && !running
    },
    run({ session, workbench }) {
      workbench.setShown('agent', true)
      workbench.showNarrow('agent')
      replayOf(session).setState({ position: 0, playing: true })
    },
  },
] as const satisfies readonly Command[]

function focusComposer(workbench: Workbench) {
  workbench.setShown('agent', true)
  workbench.showNarrow('agent')
  requestAnimationFrame(() =>
    document.querySelector<HTMLTextAreaElement>('[data-composer] textarea, textarea[data-composer]')?.focus(),
  )
}
