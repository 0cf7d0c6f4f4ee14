import type { ServerTool } from '@/lib/agent/tool-servers/types'

/** A tool as the user saw it. One that came or changed since is off until the user has looked at it. */
export interface KnownTool extends ServerTool {
  on: boolean
  news: 'new' | 'changed' | null
}

/** A server could turn a harmless tool into another one after it was allowed; so what is not as it was seen is off. */
export function compareTools(
  known: readonly KnownTool[],
  listed: readonly ServerTool[],
  isFirst: boolean,
): KnownTool[] {
  return listed.map((tool) => {
    const before = known.find(({ name }) => name === tool.name)
    if (!before) return { ...tool, on: isFirst, news: isFirst ? null : 'new' }
    if (definitionOf(before) === definitionOf(tool)) return before
    return { ...tool, on: false, news: before.news === 'new' ? 'new' : 'changed' }
  })
}

export function whyOff(tool: KnownTool | undefined): string {
  if (!tool) return 'its server no longer has it.'
  return tool.news === null
    ? 'the user has switched it off.'
    : 'its server describes it otherwise than when the user switched it on. The user has to look at it first, under “Tools from servers”.'
}

/** What storage gave, as far as it has the shape. */
export function isKnownTool(entry: unknown): entry is KnownTool {
  const { name, description, inputSchema, on } = (entry ?? {}) as Partial<KnownTool>
  const isNamed = typeof name === 'string' && typeof description === 'string'
  return isNamed && typeof inputSchema === 'object' && inputSchema !== null && typeof on === 'boolean'
}

function definitionOf({ name, description, inputSchema, readOnly }: ServerTool): string {
  return JSON.stringify([name, description, inputSchema, readOnly])
}
