/** The part of the browser's Prompt API that is used. Source: https://webmachinelearning.github.io/prompt-api/ */
export interface PromptApi {
  availability(options?: object): Promise<'unavailable' | 'downloadable' | 'downloading' | 'available'>
  create(options: {
    initialPrompts: readonly PromptMessage[]
    signal: AbortSignal
    monitor(monitor: EventTarget): void
  }): Promise<PromptSession>
}

export interface PromptMessage {
  role: 'system' | 'user' | 'assistant'
  content: string
}

export interface PromptSession {
  /** Tokens of what the session holds, and how many fit. */
  readonly contextUsage: number
  readonly contextWindow: number
  prompt(input: string, options: { signal: AbortSignal; responseConstraint?: object }): Promise<string>
  measureContextUsage(input: string, options?: { responseConstraint?: object }): Promise<number>
  destroy(): void
}

/** Null where the browser has none. */
export function findPromptApi(scope: object = globalThis): PromptApi | null {
  const found: unknown = 'LanguageModel' in scope ? scope.LanguageModel : null
  const isApi = typeof found === 'function' && 'create' in found && 'availability' in found
  return isApi ? (found as unknown as PromptApi) : null
}
