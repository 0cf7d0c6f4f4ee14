import { createThread, type Thread, type ThreadOptions } from '@/lib/agent'
import { createStore } from '@/lib/base'
import type { Agent, AgentState } from './types'

/** The agent of a session: one stable object over the thread of the moment. */
export interface AgentFacade extends Agent {
  readonly thread: Thread
  /** Puts another thread in its place; a running turn is stopped first. */
  open(options: ThreadOptions): Promise<void>
}

export interface AgentGuard {
  /** Throws when the agent may not run here (restricted, read-only). */
  assertMayRun(): void
  newThreadOptions(): ThreadOptions
  filters: AgentState['filters']
}

export function createAgentFacade(initial: ThreadOptions, guard: AgentGuard): AgentFacade {
  let thread = createThread(initial)
  const toState = (): AgentState => ({ ...thread.state.getState(), filters: guard.filters })
  const state = createStore<AgentState>(toState)
  const follow = () => thread.state.subscribe(() => state.setState(toState()))
  let unfollow = follow()

  const open = async (options: ThreadOptions) => {
    await thread.stop()
    unfollow()
    thread = createThread(options)
    unfollow = follow()
    state.setState(toState(), true)
  }

  return {
    state,
    get thread() {
      return thread
    },
    open,
    async send(text, options) {
      guard.assertMayRun()
      return thread.send(text, options)
    },
    async resume() {
      guard.assertMayRun()
      return thread.resume()
    },
    stop: () => thread.stop(),
    async steer(text) {
      guard.assertMayRun()
      thread.steer(text)
    },
    async approve(id, decision, reason) {
      guard.assertMayRun()
      thread.approve(id, decision, reason)
    },
    setPolicy: (policy) => thread.state.setState({ policy }),
    setModel: (model) => thread.state.setState({ model }),
    newThread: () => open(guard.newThreadOptions()),
    history: () => thread.history(),
  }
}
