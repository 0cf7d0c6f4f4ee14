import { fingerprint } from './fingerprint'

/** Everything the agent is told that does not come from the project or the user. */
export interface PromptPack {
  id: string
  /** Of all texts below; recorded with each turn, so that a trace says which words it ran on. */
  hash: string
  /** The base prompt, in this order. */
  parts: Readonly<Record<PromptPart, string>>
  modes: Readonly<Record<'ask' | 'plan' | 'edit', string>>
  policies: Readonly<Record<'read-only' | 'review' | 'auto', string>>
}

export type PromptPart = 'role' | 'task' | 'constraints' | 'tools' | 'verification' | 'safety' | 'answers'

export function definePack(id: string, texts: Omit<PromptPack, 'id' | 'hash'>): PromptPack {
  return { ...texts, id, hash: fingerprint(JSON.stringify([texts.parts, texts.modes, texts.policies])) }
}

/** The base prompt as the model gets it. */
export function assembleBasePrompt(pack: PromptPack): string {
  return Object.values(pack.parts).join('\n\n')
}
