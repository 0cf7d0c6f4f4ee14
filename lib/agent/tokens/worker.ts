import { countTokens } from './count-tokens'

/** Counts what it is sent; one answer a question, in order. */
addEventListener('message', ({ data }: MessageEvent<{ id: number; texts: readonly string[] }>) => {
  postMessage({ id: data.id, counts: data.texts.map(countTokens) })
})
