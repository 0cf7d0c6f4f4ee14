import type { PromptApi, PromptMessage } from '../prompt-api'

export interface Asked {
  before: readonly PromptMessage[]
  input: string
  constraint: unknown
}

export interface StandInOptions {
  availability?: Awaited<ReturnType<PromptApi['availability']>>
  contextWindow?: number
  /** One a prompt, in order. */
  answers: readonly string[]
  /** How far the download has come when it tells, 0 to 1. */
  downloads?: readonly number[]
  createError?: Error
}

/** The published API without a model behind it: tokens are characters, answers are given. */
export function createPromptApi(options: StandInOptions) {
  const asked: Asked[] = []
  let open = 0
  const { contextWindow = 10_000, answers, downloads = [], createError } = options
  const api: PromptApi = {
    availability: async () => options.availability ?? 'available',
    async create({ initialPrompts, signal, monitor }) {
      signal.throwIfAborted()
      if (createError) throw createError
      const target = new EventTarget()
      monitor(target)
      for (const loaded of downloads) target.dispatchEvent(Object.assign(new Event('downloadprogress'), { loaded }))
      let usage = initialPrompts.reduce((sum, { content }) => sum + content.length, 0)
      const refuse = () => {
        throw new DOMException('The input is too large.', 'QuotaExceededError')
      }
      if (usage > contextWindow) refuse()
      open += 1
      return {
        get contextUsage() {
          return usage
        },
        contextWindow,
        measureContextUsage: async (input) => input.length,
        async prompt(input, { signal: promptSignal, responseConstraint }) {
          promptSignal.throwIfAborted()
          if (usage + input.length > contextWindow) refuse()
          const answer = answers[asked.length] ?? ''
          asked.push({ before: initialPrompts, input, constraint: responseConstraint })
          usage += input.length + answer.length
          return answer
        },
        destroy() {
          open -= 1
        },
      }
    },
  }
  return { api, asked, sessionsOpen: () => open }
}
