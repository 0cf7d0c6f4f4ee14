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

/** FNV-1a, 64 bits, in hex: names a text, protects nothing. */
function fingerprint(text: string): string {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return hash.toString(16).padStart(16, '0')
}
