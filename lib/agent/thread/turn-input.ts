import type { InterruptedTurn } from '../history'
import type { TurnInput } from '../types'
import type { QueuedMessage } from './outbox'
import type { ThreadState } from './types'

/** A turn as the user or a cut one asks for it, before the model's abilities are known. */
export interface TurnRequest extends Omit<InterruptedTurn, 'model'> {
  /** Where they are not those of the moment. */
  settings?: Pick<QueuedMessage, 'model' | 'effort' | 'verbosity'>
}

/** What the turn asks for, cut to what its model can do. A model that is no longer offered gives way to the one chosen now. */
export function toTurnInput({ settings, ...request }: TurnRequest, now: ThreadState): TurnInput {
  const { models } = now
  const wanted = settings ?? now
  const model = models.some(({ id }) => id === wanted.model) ? wanted.model : now.model
  const info = models.find(({ id }) => id === model)
  const {
    freeformTools = true,
    contextWindow = null,
    serverCompaction,
    images,
    takesTemperature = false,
    reasoningSummaries = false,
    efforts = [],
    verbosities = [],
    price = null,
  } = info ?? {}
  const asked = {
    effort: efforts.find((each) => each === wanted.effort),
    verbosity: verbosities.find((each) => each === wanted.verbosity),
  }
  const can = { freeformTools, contextWindow, serverCompaction, images, takesTemperature, reasoningSummaries }
  return { ...request, threadId: now.id, model, price, ...can, ...asked }
}
