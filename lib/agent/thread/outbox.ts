import { createId, type StoreApi, VitrineError } from '@/lib/base'
import type { ReasoningEffort, Verbosity } from '@/lib/models'
import type { Attachment } from '../attachments'
import type { TurnMode } from '../events'

/** A message for when the running turn rests, with the settings of the moment it was written. */
export interface QueuedMessage {
  id: string
  text: string
  mode: TurnMode
  model: string
  attachments?: readonly Attachment[]
  /** How many attempts it is worth; one when missing. */
  candidates?: number
  effort?: ReasoningEffort | undefined
  verbosity?: Verbosity | undefined
}

/** What the user has written and the model has not got. */
export interface WaitingMessages {
  /** For the running turn, after its current step. What it does not get any more joins the queue. */
  steering: readonly QueuedMessage[]
  /** Sent by themselves, in order, when a turn is done; a turn that failed or was stopped leaves them waiting. */
  queue: readonly QueuedMessage[]
}

type Settings = Pick<QueuedMessage, 'model' | 'effort' | 'verbosity'>

/** More than anybody can compare. */
const maxCandidates = 8

export function candidatesProblem(candidates: number): VitrineError | null {
  if (Number.isInteger(candidates) && candidates >= 1 && candidates <= maxCandidates) return null
  const message = `A turn takes 1 to ${maxCandidates} attempts, not ${candidates}.`
  return new VitrineError('invalid_request', message, { param: 'candidates' })
}

/** Keeps both lists in the thread's state, so that they can be shown, and stored with the project. */
export function createOutbox(state: Pick<StoreApi<WaitingMessages & Settings>, 'getState' | 'setState'>) {
  const stamped = (message: Omit<QueuedMessage, 'id' | keyof Settings>): QueuedMessage => {
    const { model, effort, verbosity } = state.getState()
    return { id: createId('queued_'), model, effort, verbosity, ...message }
  }
  return {
    steer(text: string, mode: TurnMode) {
      state.setState(({ steering }) => ({ steering: [...steering, stamped({ text, mode })] }))
    },
    takeSteering(): string[] {
      const { steering } = state.getState()
      if (steering.length > 0) state.setState({ steering: [] })
      return steering.map(({ text }) => text)
    },
    /** The turn is over. */
    keepSteering() {
      const { steering, queue } = state.getState()
      if (steering.length > 0) state.setState({ steering: [], queue: [...steering, ...queue] })
    },
    enqueue({ candidates, ...message }: Omit<QueuedMessage, 'id' | keyof Settings>) {
      const problem = candidatesProblem(candidates ?? 1)
      if (problem) throw problem
      const queued = stamped({ ...message, ...(candidates && { candidates }) })
      state.setState(({ queue }) => ({ queue: [...queue, queued] }))
    },
    unqueue(id: string) {
      state.setState(({ queue }) => ({ queue: queue.filter((message) => message.id !== id) }))
    },
    takeNext(): QueuedMessage | null {
      const [next, ...queue] = state.getState().queue
      if (next) state.setState({ queue })
      return next ?? null
    },
    /** No turn came of it. */
    putBack(message: QueuedMessage) {
      state.setState(({ queue }) => ({ queue: [message, ...queue] }))
    },
  }
}
