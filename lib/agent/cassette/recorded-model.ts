import type { Model } from '@/lib/models'
import { createReplayModel, type RecordedResponse } from '@/lib/models/replay'
import { isOpen } from './read-run'
import type { Break } from './recorded-tool'

/** The model as it answered, up to where it was broken off. `turn`: resolves when the next answer is due. */
export function createRecordedModel(
  responses: readonly RecordedResponse[],
  { broken, turn }: { broken: Break; turn?: (signal: AbortSignal) => Promise<void> },
): { model: Model; asked: () => number } {
  const play = createReplayModel(responses)
  let asked = 0
  const model: Model = async function* (request, options) {
    if (broken.isDue()) await broken.wait(options.signal)
    const response = responses[asked++]
    await turn?.(options.signal)
    yield* play(request, options)
    if (response && isOpen(response) && broken.isDue()) await broken.wait(options.signal)
  }
  return { model, asked: () => asked }
}
