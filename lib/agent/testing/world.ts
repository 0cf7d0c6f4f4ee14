import { outputText, type ResponsesRequest } from '@/lib/models'
import type { PolicyMode } from '@/lib/safety'
import { createWorkspace, type Workspace } from '@/lib/workspace'
import type { AgentEvent, Approval, ApprovalDecision, TurnResult } from '../events'
import { foldHistory } from '../history'
import { runTurn } from '../loop'
import type { TurnDependencies, TurnInput } from '../types'
import { firstRewrite } from './append-only'
import { createFakeSandbox, type FakeSandboxOptions } from './fake-sandbox'
import { type Reply, scriptedModel } from './scripted'

export interface WorldOptions extends FakeSandboxOptions {
  files?: Record<string, string>
  policy?: PolicyMode
  /** What the user answers; by default nothing may be asked. */
  approve?: (approval: Approval) => { decision: ApprovalDecision; reason?: string } | Promise<never>
}

export interface World {
  workspace: Workspace
  ran: string[]
  journal: AgentEvent[]
  steering: string[]
  dependencies: Omit<TurnDependencies, 'model' | 'history'>
}

/** Everything around a turn, in memory. The journal only keeps what was written to it. */
export function createWorld(options: WorldOptions = {}): World {
  const workspace = createWorkspace(new Map(Object.entries(options.files ?? { 'src/a.ts': 'export const a = 1\n' })))
  const { sandbox, ran } = createFakeSandbox(options)
  const journal: AgentEvent[] = []
  const steering: string[] = []
  const rules: string[] = []
  let seq = 0
  let checkpoints = 0
  return {
    workspace,
    ran,
    journal,
    steering,
    dependencies: {
      workspace,
      sandbox: async () => sandbox,
      synced: async () => {},
      policy: () => options.policy ?? 'auto',
      allowedRules: () => rules,
      async approve(approval) {
        if (!options.approve) throw new Error(`Nobody expected to be asked: ${approval.detail}`)
        const answer = await options.approve(approval)
        if (answer.decision === 'always' && approval.rule !== null) rules.push(approval.rule)
        return answer
      },
      journal: async (event) => {
        journal.push(event)
      },
      checkpoint: async () => `checkpoint-${++checkpoints}`,
      takeSteering: () => steering.splice(0),
      nextSeq: () => ++seq,
    },
  }
}

export interface RunOptions {
  input?: Partial<TurnInput>
  dependencies?: Partial<TurnDependencies>
  signal?: AbortSignal
  onEvent?: (event: AgentEvent) => void
}

export interface Run {
  events: AgentEvent[]
  result: TurnResult
  requests: ResponsesRequest[]
}

/** Holds for every turn that any test plays, unless it brings a model of its own. */
function assertAppendOnly(requests: readonly ResponsesRequest[], events: readonly AgentEvent[]): void {
  const rewrite = requests.length === 0 ? null : firstRewrite(requests, events)
  if (rewrite !== null) throw new Error(`Request ${rewrite + 1} of the turn does not begin with all of the one before.`)
}

/** Runs one turn to its end. A second run in the same world goes on with the thread of the first. */
export async function run(world: World, replies: readonly Reply[], options: RunOptions = {}): Promise<Run> {
  const { model, requests } = scriptedModel(replies)
  const input = {
    turnId: 'turn',
    threadId: 'thread',
    text: 'Go',
    mode: 'edit' as const,
    model: 'test',
    freeformTools: true,
  }
  const dependencies = { ...world.dependencies, model, history: foldHistory(world.journal), ...options.dependencies }
  const turn = runTurn({ ...input, ...options.input }, dependencies, options.signal ?? new AbortController().signal)
  const events: AgentEvent[] = []
  for (;;) {
    const next = await turn.next()
    if (next.done) {
      assertAppendOnly(requests, events)
      return { events, result: next.value, requests }
    }
    events.push(next.value)
    options.onEvent?.(next.value)
  }
}

export function ofType<Type extends AgentEvent['type']>(
  events: readonly AgentEvent[],
  type: Type,
): Extract<AgentEvent, { type: Type }>[] {
  return events.filter((event): event is Extract<AgentEvent, { type: Type }> => event.type === type)
}

/** What the model was told about each call, by call id. */
export function outputs(events: readonly AgentEvent[]): Record<string, string> {
  return Object.fromEntries(
    foldHistory(events).flatMap((item) =>
      item.type === 'function_call_output' || item.type === 'custom_tool_call_output'
        ? [[item.call_id, outputText(item.output)]]
        : [],
    ),
  )
}
