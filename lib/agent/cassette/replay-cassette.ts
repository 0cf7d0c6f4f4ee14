import type { Model } from '@/lib/models'
import { createReplayModel } from '@/lib/models/replay'
import { createWorkspace, type FileMap, type Workspace } from '@/lib/workspace'
import type { AgentEvent, TurnResult } from '../events'
import { foldHistory } from '../history'
import { runTurn } from '../loop'
import { outOfDate } from '../tools/out-of-date'
import type { Tool, ToolContext, TurnDependencies } from '../types'
import type { Cassette, CassetteTurn } from './cassette'
import { keysOf } from './record-cassette'

export interface Replay {
  events: AgentEvent[]
  /** As they are after the last turn. */
  files: FileMap
  /** One a turn. */
  results: TurnResult[]
  /** How it came out otherwise than recorded, in sentences; empty when it is the same. */
  differences: string[]
}

/**
 * Plays a cassette through the real loop: the model's answers and the tools' results come from the recording, patches
 * are applied again. Offline and deterministic; needs no browser.
 */
export async function replayCassette(cassette: Cassette): Promise<Replay> {
  const workspace = createWorkspace(new Map(Object.entries(cassette.files)))
  const replay: Replay = { events: [], files: workspace.files, results: [], differences: [] }
  let seq = 0
  if (cassette.history) {
    const at = cassette.turns[0]?.at ?? 0
    replay.events.push({ type: 'history', items: cassette.history, turnId: 'earlier', seq: ++seq, at })
  }
  for (const [index, turn] of cassette.turns.entries()) {
    const edits = Object.entries(turn.edits).map(([path, after]) => ({ path, after }))
    if (edits.length > 0) workspace.apply(edits, { origin: 'user', label: 'Edited' })
    const controller = new AbortController()
    const input = {
      turnId: `turn-${index + 1}`,
      threadId: 'cassette',
      text: turn.text,
      attachments: turn.attachments,
      review: turn.review,
      mode: turn.mode,
      model: turn.model,
      freeformTools: cassette.freeformTools,
    }
    const history = foldHistory(replay.events)
    const world = dependenciesOf(turn, workspace, () => controller.abort())
    const running = runTurn(input, { ...world.dependencies, history, nextSeq: () => ++seq }, controller.signal)
    for (;;) {
      const next = await running.next()
      if (!next.done) {
        world.follow(next.value)
        replay.events.push(next.value)
        continue
      }
      replay.results.push(next.value)
      replay.differences.push(...differencesOf(turn, next.value, workspace).map((text) => `Turn ${index + 1}: ${text}`))
      break
    }
  }
  return { ...replay, files: workspace.files }
}

function dependenciesOf(turn: CassetteTurn, workspace: Workspace, stop: () => void) {
  let step = 0
  const steering = [...turn.steering]
  const model: Model = turn.expected.status === 'stopped' ? endless(turn, stop) : createReplayModel(turn.responses)
  const dependencies: Omit<TurnDependencies, 'history' | 'nextSeq'> = {
    model,
    workspace,
    sandbox: () => Promise.reject(new Error('A replay has no sandbox.')),
    synced: async () => undefined,
    policy: () => turn.policy,
    allowedRules: () => [],
    // What has a result and no decision was allowed by a rule, which is not recorded.
    approve: async ({ callId }) =>
      turn.decisions[callId] ??
      (turn.results[callId] ? { decision: 'once' } : { decision: 'deny', reason: 'not in the recording' }),
    ask: async ({ callId }) => turn.answers[callId] ?? null,
    journal: async () => undefined,
    checkpoint: async (label) => label,
    takeSteering() {
      const due = steering.filter((each) => each.step <= step)
      steering.splice(0, due.length)
      return due.map(({ text }) => text)
    },
    now: () => new Date(turn.at),
    wait: async () => undefined,
    wrapTool: (tool) => recorded(tool, turn),
  }
  return {
    dependencies,
    follow(event: AgentEvent) {
      if (event.type === 'step-start') step = event.step
    },
  }
}

/** A turn that the user stopped: where the recording ends, they press Stop. */
function endless(turn: CassetteTurn, stop: () => void): Model {
  const play = createReplayModel(turn.responses)
  let left = turn.responses.length
  return async function* replay(request, options) {
    if (left-- > 0) yield* play(request, options)
    stop()
    await new Promise(() => {})
  }
}

const playedAgain = new Set(['apply_patch', 'ask_user'])

/** The tool as the model and the gate know it, with its recorded result. */
function recorded(tool: Tool, turn: CassetteTurn): Tool {
  return {
    ...tool,
    async execute(input, context) {
      const result = turn.results[context.callId]
      if (result === undefined) return { ok: false, output: 'not in the recording', summary: 'not recorded' }
      // Patches are applied again, without the checks, which need a sandbox; questions are answered as they were.
      // One that was refused for what somebody else had changed meanwhile is not: that is not in the recording.
      if (playedAgain.has(tool.definition.name) && result.summary !== outOfDate) await tool.execute(input, context)
      write(context, turn.effects[context.callId] ?? {})
      return result
    },
  }
}

function write({ workspace, turnId, callId }: ToolContext, effects: Record<string, string | null>): void {
  const changes = Object.entries(effects).map(([path, after]) => ({ path, after }))
  if (changes.length > 0) workspace.apply(changes, { origin: 'sandbox', label: 'Recorded', turnId, callId })
}

function differencesOf({ expected }: CassetteTurn, result: TurnResult, { files }: Workspace): string[] {
  const { status, verified, steps, message } = result
  const compare = (name: string, now: unknown, then: unknown) =>
    now === then ? [] : [`${name} is ${JSON.stringify(now)}; it was ${JSON.stringify(then)}.`]
  const texts = [...files].filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  const keys = keysOf(Object.fromEntries(texts))
  const paths = [...new Set([...Object.keys(keys), ...Object.keys(expected.files)])].sort()
  return [
    ...compare('status', status, expected.status),
    ...compare('verified', verified, expected.verified),
    ...compare('steps', steps, expected.steps),
    ...compare('message', message, expected.message),
    ...paths.filter((path) => keys[path] !== expected.files[path]).map((path) => `${path} has other content.`),
  ]
}
