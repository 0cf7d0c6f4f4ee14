import { createChannel, createId, messageOf, untilAborted } from '@/lib/base'
import { type Effect, onlyLooks } from '@/lib/safety'
import type { AgentEvent, AgentEventBody, Answers, Question, ToolResult } from '../events'
import { type CallItem, inputOf, openCalls, outputOf } from '../history'
import { repetitionNote } from '../limits/progress-watch'
import { foreignSource } from '../taint/foreign-source'
import type { Turn } from '../turn'
import { permit } from './permission'
import { toTellable } from './tellable'
import { type PreparedCall, prepareCall } from './tool-lookup'

/** A tool that does not react to Stop is left behind after this long. */
const stopGraceMs = 100

/**
 * Runs the calls of one response: neighbours that are safe side by side together, all others alone and in order.
 * Their outputs join the history in call order once all have ended.
 */
export async function* runToolCalls(turn: Turn, calls: readonly CallItem[]): AsyncGenerator<AgentEvent> {
  const prepared = calls.map((call) => prepareCall(turn.tools, call))
  for (const group of inGroups(prepared)) {
    const channel = createChannel<AgentEvent>()
    const emit = (body: AgentEventBody) => channel.push(turn.record(body))
    const running = Promise.allSettled(group.map((call) => runCall(turn, call, emit))).finally(channel.close)
    yield* channel
    const failure = (await running).find((outcome) => outcome.status === 'rejected')
    if (failure) throw failure.reason
  }
  yield* answerOpenCalls(turn, 'the turn ended before it;')
}

/** Gives every call of the history an output: its result, or `why` and how far it came. Without this no request may leave. */
export function* answerOpenCalls(turn: Turn, why: string): Generator<AgentEvent> {
  const outputs = openCalls(turn.history).map((call) => {
    const known = turn.results.get(call.call_id)
    const fallback = turn.started.has(call.call_id) ? `${why} it may have partly run` : `${why} it did not run`
    return outputOf(call, known?.output ?? fallback, known?.image)
  })
  if (outputs.length > 0) yield turn.append(...outputs)
}

function inGroups(calls: readonly PreparedCall[]): PreparedCall[][] {
  const groups: PreparedCall[][] = []
  for (const call of calls) {
    const group = groups.at(-1)
    if (group?.every((other) => other.parallel) && call.parallel) group.push(call)
    else groups.push([call])
  }
  return groups
}

type Emit = (body: AgentEventBody) => void

async function runCall(turn: Turn, call: PreparedCall, emit: Emit): Promise<void> {
  const { call_id: callId, name: tool } = call.item
  let startedAt = performance.now()
  const end = ({ shows = '', ...result }: ToolResult) => {
    if (call.kind === 'ready') noteSource(turn, call, `${result.output}\n${shows}`, emit)
    const repetition = turn.progress.note(tool, inputOf(call.item), result)
    const seen = turn.seen.take()
    const told = {
      ...result,
      output: toTellable(result.output) + repetitionNote(repetition),
      ...(seen.length > 0 && { seen }),
    }
    // A picture is recorded once, in the output that is sent.
    const recorded = told.image === undefined ? told : { ...told, image: '' }
    emit({ type: 'tool-end', callId, tool, result: recorded, durationMs: performance.now() - startedAt })
    turn.results.set(callId, told)
  }
  turn.signal.throwIfAborted()
  if (call.kind === 'refused') {
    end({ ok: false, output: call.output, summary: call.summary })
    return
  }
  const { title, detail } = call.description
  const effect = call.tool.effect(call.input, turn.dependencies.workspace)
  const permission = await permit(turn, { callId, tool, effect, title, detail }, emit)
  if (!permission.granted) {
    end({ ok: false, output: permission.output, summary: 'refused' })
    return
  }
  emit({ type: 'tool-start', callId, tool, title, detail })
  startedAt = performance.now()
  // What only looks does nothing twice, so nobody waits for the record that it began.
  if (effect !== null && !(effect.kind === 'command' && onlyLooks(effect))) await turn.settled()
  end(await execute(turn, { ...call, effect }, emit))
}

/** From here on, text that nobody here wrote is in the context. A refusal is in our own words. */
function noteSource(turn: Turn, call: ReadyCall, output: string, emit: Emit): void {
  const { name: tool, call_id: callId } = call.item
  if (!turn.started.has(callId)) return
  const effect = call.tool.effect(call.input, turn.dependencies.workspace)
  const source = foreignSource({ tool, detail: call.description.detail, effect, output })
  if (source !== null && turn.taints.add(source)) emit({ type: 'taint', source, callId })
}

type ReadyCall = Extract<PreparedCall, { kind: 'ready' }>

type PermittedCall = ReadyCall & { effect: Effect | null }

async function execute(turn: Turn, call: PermittedCall, emit: Emit): Promise<ToolResult> {
  const { signal, dependencies } = turn
  const callId = call.item.call_id
  // Nothing leaves the tab but through the gate, whatever has changed since it was asked.
  const isAllowedOut = call.effect?.kind === 'network'
  const context = {
    workspace: dependencies.workspace,
    sandbox: dependencies.sandbox,
    synced: dependencies.synced,
    signal,
    turnId: turn.input.turnId,
    callId,
    ask: (questions: readonly Question[]) => askUser(turn, callId, questions, emit),
    preview: dependencies.preview ?? null,
    loadPackage: (isAllowedOut && dependencies.loadPackage) || null,
    toolServers: (isAllowedOut && dependencies.toolServers) || null,
    seen: turn.seen,
    symbols: async () => (await dependencies.refreshedSymbols?.()) ?? new Map(),
    images: turn.input.images ?? false,
    emitOutput: (delta: string) => emit({ type: 'tool-output', callId, delta }),
  }
  try {
    signal.throwIfAborted()
    return await untilAborted(call.tool.execute(call.input, context), signal, stopGraceMs)
  } catch (error) {
    if (signal.aborted) return { ok: false, output: 'stopped by the user; it may have partly run', summary: 'stopped' }
    return { ok: false, output: `the tool failed: ${messageOf(error)}`, summary: 'failed' }
  }
}

async function askUser(
  { dependencies, signal }: Turn,
  callId: string,
  questions: readonly Question[],
  emit: Emit,
): Promise<Answers> {
  if (!dependencies.ask) return null
  const set = { id: createId('question_'), callId, questions }
  emit({ type: 'question-request', questions: set })
  const answers = await untilAborted(dependencies.ask(set, signal), signal)
  emit({ type: 'question-answer', id: set.id, callId, answers })
  return answers
}
