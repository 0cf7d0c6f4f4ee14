import { assembleBasePrompt, currentPack } from '@/lib/prompts'
import type { FileMap, Workspace } from '@/lib/workspace'
import type { AgentEvent } from '../events'
import { foldHistory, message } from '../history'
import type { Limits } from '../limits/limits'
import type { TurnDependencies, TurnInput } from '../types'
import { type AsideQueue, createAsideQueue } from './aside-queue'
import type { Cassette, CassetteTurn, FileEffects } from './cassette'
import { createRecordedModel } from './recorded-model'
import { type Break, ranUnasked, recordedFor, recordedTool, untilStopped } from './recorded-tool'
import { createRaceReplay } from './replay-race'

/** Where a cassette is played. */
export interface Stage {
  cassette: Cassette
  workspace: Workspace
  /** Grows as it plays. */
  events: AgentEvent[]
  nextSeq(): number
  /** What its checkpoints hold, by the ids that events call them. */
  checkpoints: Map<string, FileMap>
}

export interface RecordedTurn {
  input: TurnInput
  asides: AsideQueue
  dependencies(): TurnDependencies
  /** Each event of the turn, in order. */
  follow(event: AgentEvent): void
}

/** Clocks and prices are not recorded: a limit is met where it was met. */
const noLimits: Limits = {
  turn: { steps: null, tokens: null, seconds: null, dollars: null },
  thread: { steps: null, tokens: null, seconds: null, dollars: null },
}

/** The world around a turn as it was. `stop`: the user did, there; `cut`: its page went, or it is not over yet. */
export function createRecordedTurn(
  stage: Stage,
  turn: CassetteTurn,
  { turnId, stop, cut }: { turnId: string; stop: () => void; cut: () => void },
): RecordedTurn {
  const { cassette, workspace } = stage
  const { status } = turn.expected
  const steering = [...turn.steering]
  let step = 0

  const asides = createAsideQueue(turn.asides, () => asked() + (race?.begun() ?? 0))
  const isCut = () => ['cut', 'left'].includes(asides.due()?.type ?? '')
  const isPlayed = () => asides.isOver() && asked() >= turn.responses.length && (race?.isOver() ?? true)
  const broken: Break = {
    isDue: () => isCut() || ((status === 'stopped' || status === 'waiting') && isPlayed()),
    wait(signal) {
      const waiting = untilStopped(signal)
      if (isCut() || status === 'waiting') cut()
      else stop()
      return waiting
    },
  }
  const { model, asked } = createRecordedModel(turn.responses, { broken })
  const race = turn.race ? createRaceReplay(turn.race, broken) : null

  const context = (before: 'turn' | 'step') => {
    if (before === 'step') return asides.told()
    const base = foldHistory(stage.events).length === 0 ? [message('developer', assembleBasePrompt(currentPack))] : []
    return [...base, ...(turn.context ?? [])]
  }
  return {
    asides,
    input: {
      ...{ turnId, threadId: 'cassette', text: turn.text, mode: turn.mode, model: turn.model },
      ...{ attachments: turn.attachments, review: turn.review, freeformTools: cassette.freeformTools },
      ...(turn.race && { candidates: turn.race.total }),
    },
    dependencies: () => ({
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
      async checkpoint() {
        const id = `checkpoint-${stage.checkpoints.size + 1}`
        stage.checkpoints.set(id, workspace.files)
        return id
      },
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
        const aside = asides.due()
        return (aside?.type === 'end' && aside.limit) || null
      },
      ...(race && { race: race.arrangement }),
      recorded: {
        ...(turn.context && { context }),
        room: asides.room,
        verification: () => turn.race?.checked ?? null,
        ranUnasked: ranUnasked(turn, turn.decisions),
      },
    }),
    follow(event) {
      stage.events.push(event)
      if (event.type === 'step-start') step = event.step
      if (event.type === 'candidates-picked') edit(workspace, turn.race?.edits ?? {})
      race?.follow(event)
    },
  }
}

/** What others changed. */
export function edit(workspace: Workspace, edits: FileEffects): void {
  const changes = Object.entries(edits).map(([path, after]) => ({ path, after }))
  if (changes.length > 0) workspace.apply(changes, { origin: 'user', label: 'Edited' })
}
