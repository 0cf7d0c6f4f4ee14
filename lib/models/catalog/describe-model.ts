import type { ModelInfo } from '../types'
import type { ListedModel } from './listed-model'
import { openAiModels } from './price-table'

/**
 * What a model can do and costs: what its server says of it, then the table (for OpenAI's own server only, whose
 * prices it holds), then what is safe to assume of a model that nobody knows. A price is never guessed.
 */
export function describeModel(listed: ListedModel, { isOpenAi }: { isOpenAi: boolean }): ModelInfo {
  const { id, contextWindow, price, efforts, verbosities, images, serverCompaction, reasoningSummaries } = listed
  const known = isOpenAi ? openAiModels.find((model) => model.id.test(id)) : undefined
  // A release newer than the table is taken to be like its family, except for its price and what it may refuse.
  const isNewGpt = isOpenAi && /^gpt-(?:[5-9]|\d\d)/.test(id)
  return {
    id,
    label: id,
    kind: 'upstream',
    freeformTools: known?.freeformTools ?? isNewGpt,
    contextWindow: contextWindow ?? known?.contextWindow ?? (isNewGpt ? 272_000 : null),
    images: images ?? known?.images ?? isNewGpt,
    takesTemperature: known?.takesTemperature ?? !isOpenAi,
    efforts: efforts ?? known?.efforts ?? [],
    verbosities: verbosities ?? known?.verbosities ?? [],
    price: price ?? known?.price ?? null,
    ...((reasoningSummaries ?? known?.reasoningSummaries) && { reasoningSummaries: true }),
    ...((serverCompaction || known?.serverCompaction) && { serverCompaction: true }),
  }
}

/** Whether an agent can work with it; a provider lists models for sound, pictures and search results beside it. */
export function isForAgents(id: string): boolean {
  return openAiModels.some((model) => model.id.test(id)) || (/^gpt-(?:[5-9]|\d\d)/.test(id) && !otherUse.test(id))
}

const otherUse = /audio|realtime|transcribe|tts|image|search|chat-latest|instruct|embedding|moderation/
