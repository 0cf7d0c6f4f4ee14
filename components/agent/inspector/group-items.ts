import type { InspectedItem } from '@/lib/agent/inspector/inspect-thread'

/** Who or what an item comes from: one colour of the bar each. */
export type ItemGroup = 'agent' | 'project' | 'you' | 'model' | 'tools' | 'summary'

export interface GroupTotal {
  group: ItemGroup
  label: string
  tokens: number
}

const groupOf: Record<InspectedItem['kind'], ItemGroup> = {
  tools: 'agent',
  instructions: 'agent',
  session: 'agent',
  note: 'agent',
  environment: 'project',
  attachments: 'you',
  review: 'you',
  user: 'you',
  answer: 'model',
  reasoning: 'model',
  call: 'model',
  other: 'model',
  output: 'tools',
  summary: 'summary',
}

const labels: Record<ItemGroup, string> = {
  agent: 'Instructions and tools',
  project: 'Project',
  you: 'You',
  summary: 'Summary',
  model: 'Model',
  tools: 'Tool outputs',
}

/** Tokens by origin, in the order of the bar; nothing for origins without items. */
export function groupTotals(items: readonly InspectedItem[]): GroupTotal[] {
  const totals = new Map<ItemGroup, number>()
  for (const { kind, count } of items) totals.set(groupOf[kind], (totals.get(groupOf[kind]) ?? 0) + count.tokens)
  return Object.entries(labels).flatMap(([group, label]) => {
    const tokens = totals.get(group as ItemGroup) ?? 0
    return tokens === 0 ? [] : [{ group: group as ItemGroup, label, tokens }]
  })
}
