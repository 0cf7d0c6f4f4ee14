import { assembleBasePrompt, currentPack } from '@/lib/prompts'
import type { Workspace } from '@/lib/workspace'
import { compactNow } from '../compaction/compact-now'
import { lastCompaction } from '../compaction/thread-compaction'
import type { AgentEvent, AgentEventBody, TurnResult } from '../events'
import { foldHistory, message } from '../history'
import type { Limits } from '../limits/limits'
import { leaveTurn, runTurn } from '../loop'
import type { RoomEvent, TurnDependencies, TurnInput } from '../types'
import { noUsage } from '../usage'
import type { Aside, Cassette, CassetteTurn } from './cassette'
import { createRecordedModel } from './recorded-model'
import { type Break, ranUnasked, recordedFor, recordedTool } from './recorded-tool'
import { createRaceReplay, untilStopped } from './replay-race'

/** Where a cassette is played. */
export interface Stage {
  cassette: Cassette
  workspace: Workspace
  /** Grows as it plays. */
  events: AgentEvent[]
  nextSeq(): number
}

/** Clocks and prices are not recorded: a limit is met where it was met. */
const noLimits: Limits = {
  turn: { steps: null, tokens: null, seconds: null, dollars: null },
  thread: { steps: null, tokens: null, seconds: null, dollars: null },
}
const roomTypes = new Set<string>(['compaction', 'compaction-failed', 'summary-use'] satisfies RoomEvent['type'][])

/** Plays one turn, and what was done with the conversation until the next. */
export async function playTurn(stage: Stage, turn: CassetteTurn, turnId: string): Promise<TurnResult> {
  const player = createPlayer(stage, turn, turnId)
  const begin = stage.events.length
  const own = () => stage.events.slice(begin)
  let result = await player.run()
  for (let aside = player.next(); aside; aside = player.next()) {
    switch (aside.type) {
      case 'compaction':
      case 'compaction-failed':
      case 'summary-use':
        await player.shorten(aside)
        break
      case 'compaction-undone': {
        // Told of the turn that was shortened.
        const undone = lastCompaction(stage.events)
        if (undone) player.tell({ type: 'compaction-undone', compactionSeq: undone.seq }, undone.turnId)
        break
      }
      case 'limit-raised':
        player.tell({ type: 'limit-raised', scope: aside.scope, limit: aside.limit, by: aside.by })
        result = await player.run(own())
        break
      case 'cut':
        result = await player.run(own())
        break
      case 'left':
        result = await player.leave(own())
        break
      default:
    }
  }
  return result
}

function createPlayer(stage: Stage, turn: CassetteTurn, turnId: string) {
  const { cassette, workspace } = stage
  const asides = [...(turn.asides ?? [])]
  const steering = [...turn.steering]
  let step = 0
  let controller = new AbortController()
  let cut = () => {}

  const isDue = (aside: Aside | undefined) => aside !== undefined && aside.after <= asked() + (race?.begun() ?? 0)
  const isCut = () => isDue(asides[0]) && (asides[0]?.type === 'cut' || asides[0]?.type === 'left')
  const isUnfinished = turn.expected.status === 'stopped' || turn.expected.status === 'waiting'
  const isPlayed = () => {
    const hasMore = asides.length > 0 && asides[0]?.type !== 'end'
    return !hasMore && asked() >= turn.responses.length && (race?.isOver() ?? true)
  }
  const broken: Break = {
    isDue: () => isCut() || (isUnfinished && isPlayed()),
    wait(signal) {
      const waiting = untilStopped(signal)
      if (isCut() || turn.expected.status === 'waiting') cut()
      else controller.abort()
      return waiting
    },
  }
  const { model, asked } = createRecordedModel(turn.responses, { broken })
  const race = turn.race ? createRaceReplay(turn.race, broken) : null

  const take = <Type extends Aside['type']>(wanted: (aside: Aside) => aside is Aside & { type: Type }) => {
    const taken: (Aside & { type: Type })[] = []
    for (let [aside] = asides; aside && isDue(aside) && wanted(aside); [aside] = asides) {
      taken.push(aside)
      asides.shift()
    }
    return taken
  }
  const bodyOf = ({ after: _, ...body }: Aside & RoomEvent): RoomEvent => body
  const told = () => take((aside) => aside.type === 'told').flatMap(({ items }) => items)
  const context = (before: 'turn' | 'step') => {
    if (before === 'step') return told()
    const base = foldHistory(stage.events).length === 0 ? [message('developer', assembleBasePrompt(currentPack))] : []
    return [...base, ...(turn.context ?? [])]
  }
  const input: TurnInput = {
    ...{ turnId, threadId: 'cassette', text: turn.text, mode: turn.mode, model: turn.model },
    ...{ attachments: turn.attachments, review: turn.review, freeformTools: cassette.freeformTools },
    ...(turn.race && { candidates: turn.race.total }),
  }
  const dependencies = (): TurnDependencies => ({
    model,
    workspace,
    history: foldHistory(stage.events),
    nextSeq: stage.nextSeq,
    sandbox: () => Promise.reject(new Error('A replay has no sandbox.')),
    synced: async () => undefined,
    policy: () => turn.policy,
    allowedRules: () => [],
    async approve({ callId }, signal) {
      const decision = recordedFor(turn.decisions, callId)
      if (!decision && broken.isDue()) await broken.wait(signal)
      return decision ?? { decision: 'deny', reason: 'not in the recording' }
    },
    async ask({ callId }, signal) {
      const answers = recordedFor(turn.answers, callId)
      if (answers === undefined && broken.isDue()) await broken.wait(signal)
      return answers ?? null
    },
    journal: async () => undefined,
    checkpoint: async (label) => label,
    takeSteering() {
      const due = steering.filter((each) => each.step <= step)
      steering.splice(0, due.length)
      return due.map(({ text }) => text)
    },
    // Format 1 knew no news of the date; later ones hold what was told.
    now: () => new Date(cassette.turns[0]?.at ?? turn.at),
    wait: async () => undefined,
    wrapTool: (tool) => recordedTool(tool, turn, { broken }),
    // Format 1 told of no limits: those of its time applied.
    ...(cassette.version > 1 && { limits: () => noLimits }),
    sharedHit() {
      const [aside] = asides
      return aside?.type === 'end' && isDue(aside) ? (aside.limit ?? null) : null
    },
    ...(race && { race: race.arrangement }),
    recorded: {
      ...(turn.context && { context }),
      room: () => take((aside): aside is Aside & RoomEvent => roomTypes.has(aside.type)).map(bodyOf),
      verification: () => turn.race?.checked ?? null,
      ranUnasked: ranUnasked(turn, turn.decisions),
    },
  })

  const follow = (event: AgentEvent) => {
    stage.events.push(event)
    if (event.type === 'step-start') step = event.step
    if (event.type === 'candidates-picked') edit(workspace, turn.race?.edits ?? {})
    race?.follow(event)
  }
  return {
    next: () => asides.shift(),
    /** From the message, or on from where it was. */
    async run(interrupted?: readonly AgentEvent[]): Promise<TurnResult> {
      controller = new AbortController()
      const isOver = new Promise<null>((resolve) => {
        // What has happened until then is told first.
        cut = () => setTimeout(() => resolve(null))
      })
      const running = runTurn(input, { ...dependencies(), ...(interrupted && { interrupted }) }, controller.signal)
      for (;;) {
        const next = await Promise.race([running.next(), isOver])
        if (next === null) return waiting
        if (next.done) return next.value
        follow(next.value)
      }
    },
    async leave(interrupted: readonly AgentEvent[]): Promise<TurnResult> {
      let result = waiting
      for await (const event of leaveTurn(input, { ...dependencies(), interrupted })) {
        follow(event)
        if (event.type === 'turn-end') result = event.result
      }
      return result
    },
    async shorten(aside: Aside & RoomEvent) {
      const room = () => [bodyOf(aside)]
      const rest = dependencies()
      const recorded = { room, verification: () => null, ranUnasked: () => false }
      for await (const event of compactNow(input, { ...rest, recorded }, new AbortController().signal)) follow(event)
    },
    tell: (body: AgentEventBody, of = turnId) => follow({ turnId: of, seq: stage.nextSeq(), at: Date.now(), ...body }),
  }
}

const waiting: TurnResult = {
  ...{ status: 'waiting', message: '', verified: null, usage: noUsage, steps: 0, durationMs: 0 },
}

export function edit(workspace: Workspace, edits: CassetteTurn['edits']): void {
  const changes = Object.entries(edits).map(([path, after]) => ({ path, after }))
  if (changes.length > 0) workspace.apply(changes, { origin: 'user', label: 'Edited' })
}
