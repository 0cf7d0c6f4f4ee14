import { outOfDate } from '../tools/out-of-date'
import type { Tool, ToolContext } from '../types'
import type { RecordedRun } from './cassette'

/** Where a recording ends in the middle: a Stop, a reload, another attempt that won. */
export interface Break {
  /** Whether nothing more was recorded before it. */
  isDue(): boolean
  /** Brings it about; rejects once it has stopped who waits. */
  wait(signal: AbortSignal): Promise<never>
}

const playedAgain = new Set(['apply_patch', 'ask_user'])
/** Such a patch was not applied then, for what is not in the recording. */
const notApplied = new Set([outOfDate, 'refused', 'stopped', 'interrupted'])
/** Such a call was under way when it broke off. */
const brokenOff = new Set(['stopped', 'interrupted'])

/** The tool as the model and the gate know it, with its recorded result. */
export function recordedTool(
  tool: Tool,
  { results, effects }: RecordedRun,
  { broken, turn }: { broken: Break; turn?: (signal: AbortSignal) => Promise<void> },
): Tool {
  return {
    ...tool,
    async execute(input, context) {
      const result = recordedFor(results, context.callId)
      if (broken.isDue() && (result === undefined || brokenOff.has(result.summary))) await broken.wait(context.signal)
      await turn?.(context.signal)
      if (result === undefined) return { ok: false, output: 'not in the recording', summary: 'not recorded' }
      // Patches are applied again, without the checks, which need a sandbox; questions are answered as they were.
      if (playedAgain.has(tool.definition.name) && !notApplied.has(result.summary)) await tool.execute(input, context)
      write(context, recordedFor(effects, context.callId) ?? {})
      return result
    },
  }
}

export function untilStopped(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

/** Ids are the model's words: they may be names that every object has. */
export function recordedFor<Value>(record: Readonly<Record<string, Value>>, callId: string): Value | undefined {
  return Object.hasOwn(record, callId) ? record[callId] : undefined
}

/** Rules are not recorded, and what they allowed is. */
export function ranUnasked({ results }: RecordedRun, decisions: Readonly<Record<string, unknown>> = {}) {
  return (callId: string): boolean => {
    const result = recordedFor(results, callId)
    return result !== undefined && result.summary !== 'refused' && !Object.hasOwn(decisions, callId)
  }
}

function write({ workspace, turnId, callId }: ToolContext, effects: Record<string, string | null>): void {
  const changes = Object.entries(effects).map(([path, after]) => ({ path, after }))
  if (changes.length > 0) workspace.apply(changes, { origin: 'sandbox', label: 'Recorded', turnId, callId })
}
