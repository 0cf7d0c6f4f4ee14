import type { ContextReport, InspectedItem } from '@/lib/agent/inspector/inspect-thread'

const at = Date.UTC(2026, 0, 15, 9, 30)

function item(
  kind: InspectedItem['kind'],
  title: string,
  tokens: number,
  rest: Partial<InspectedItem> = {},
): InspectedItem {
  const why = 'Why it is there stands here.'
  return {
    kind,
    title,
    why,
    text: `${title}\n\nThe whole text of the item.`,
    place: 'sent',
    count: { tokens, exact: true },
    ...rest,
  }
}

/** A conversation that was compacted once and is at two thirds of its window. */
export const inspected: ContextReport = {
  items: [
    item('tools', 'shell, write_stdin, apply_patch, read_file, search, run_tests, diagnostics, update_plan', 2_140),
    item('instructions', 'Instructions to the agent', 1_310),
    item('session', 'Edit: carry the request out. Review: patches apply at once.', 58),
    item('environment', 'Files of the project, Map of the project, What you look at, AGENTS.md', 1_920),
    item('attachments', 'src/cart.ts, lines 12-40 of 210', 640),
    item('user', 'Move the prices to integers everywhere.', 12),
    item('summary', 'Summary of earlier steps', 830),
    item('reasoning', 'Thoughts (sealed)', 2_400, { count: { tokens: 2_400, exact: false } }),
    item('call', 'read_file {"path":"src/cart.ts","start_line":1,"end_line":210}', 31),
    item(
      'output',
      'read_file: src/cart.ts, lines 1–210 of 210 with a line that is far too long for this dialog and is cut',
      9_870,
    ),
    item('call', 'apply_patch *** Begin Patch *** Update File: src/cart.ts', 410, { place: 'new' }),
    item('output', 'apply_patch: changed 1 file: src/cart.ts (+12 −9)', 188, { place: 'new' }),
    item('environment', 'Files that came and went', 24, { place: 'next' }),
  ],
  total: { tokens: 19_833, exact: false },
  contextWindow: 128_000,
  isWindowAssumed: true,
  measured: 19_204,
  story: [
    { turnId: 't1', step: 1, at, inputTokens: 6_080, cachedTokens: 0, broken: null },
    { turnId: 't1', step: 2, at: at + 8_000, inputTokens: 16_010, cachedTokens: 5_888, broken: null },
    {
      ...{ turnId: 't2', step: 1, at: at + 400_000, inputTokens: 16_400, cachedTokens: 0 },
      broken: 'More than five minutes had passed: providers forget a prefix after a while.',
    },
    {
      ...{ turnId: 't2', step: 2, at: at + 420_000, inputTokens: 19_204, cachedTokens: 3_328 },
      broken: 'The conversation was compacted: what follows the first items is new.',
    },
  ],
}
