import { createWorkspace, type FileMap } from '@/lib/workspace'
import type { AgentEvent, TurnResult } from '../events'
import type { Cassette, CassetteTurn, RaceRun } from './cassette'
import { keysOf, textOf } from './file-effects'
import { playTurn } from './play-turn'
import { readRace } from './read-race'
import { edit, type Stage } from './recorded-turn'

export interface Replay {
  events: AgentEvent[]
  /** As they are after the last turn. */
  files: FileMap
  /** The files of each checkpoint that the events name. */
  checkpoints: ReadonlyMap<string, FileMap>
  /** One a turn. */
  results: TurnResult[]
  /** How it came out otherwise than recorded, in sentences; empty when it is the same. */
  differences: string[]
}

/**
 * Plays a cassette through the real loop: the model's answers and the tools' results come from the recording, patches
 * are applied again, attempts race and are ranked again. Offline and deterministic; needs no browser.
 */
export async function replayCassette(cassette: Cassette): Promise<Replay> {
  const workspace = createWorkspace(new Map(Object.entries(cassette.files)))
  let seq = 0
  const stage: Stage = { cassette, workspace, events: [], nextSeq: () => ++seq, checkpoints: new Map() }
  if (cassette.history) {
    const at = cassette.turns[0]?.at ?? 0
    stage.events.push({ type: 'history', items: cassette.history, turnId: 'earlier', seq: ++seq, at })
  }
  const results: TurnResult[] = []
  const differences: string[] = []
  for (const [index, turn] of cassette.turns.entries()) {
    edit(workspace, turn.edits)
    const from = stage.events.length
    const result = await playTurn(stage, turn, `turn-${index + 1}`)
    results.push(result)
    const found = [
      ...raceDifferences(turn, stage.events.slice(from)),
      ...differencesOf(turn, result, textOf(workspace.files)),
    ]
    differences.push(...found.map((text) => `Turn ${index + 1}: ${text}`))
  }
  const { events, checkpoints } = stage
  return { events, checkpoints, files: workspace.files, results, differences }
}

function differencesOf({ expected }: CassetteTurn, result: TurnResult, files: Record<string, string>): string[] {
  const { status, verified, steps, message } = result
  return [
    ...compare('status', status, expected.status),
    ...compare('verified', verified, expected.verified),
    ...compare('steps', steps, expected.steps),
    ...compare('message', message, expected.message),
    ...otherFiles(keysOf(files), expected.files),
  ]
}

function raceDifferences({ race }: CassetteTurn, events: readonly AgentEvent[]): string[] {
  if (!race) return []
  const played = readRace(events, { before: {}, picked: null })
  return [
    ...compare('attempts begun', played?.runs.length ?? 0, race.runs.length),
    ...race.runs.flatMap((run, index) => runDifferences(run, played?.runs[index])),
    ...compare('taken', played?.pick ?? null, race.pick),
  ]
}

function runDifferences({ attempts, ranking }: RaceRun, played: RaceRun | undefined): string[] {
  return [
    ...attempts.flatMap(({ index, expected }) => {
      const now = played?.attempts.find((attempt) => attempt.index === index)?.expected
      return [
        ...compare('status', now?.status, expected.status),
        ...compare('steps', now?.steps, expected.steps),
        ...compare('message', now?.message, expected.message),
        ...otherFiles(now?.files ?? {}, expected.files),
      ].map((text) => `attempt ${index + 1}: ${text}`)
    }),
    ...compare('ranking', played?.ranking, ranking),
  ]
}

function compare(name: string, now: unknown, then: unknown): string[] {
  const [shown, before] = [JSON.stringify(now), JSON.stringify(then)]
  return shown === before ? [] : [`${name} is ${shown}; it was ${before}.`]
}

function otherFiles(now: Record<string, string | null>, then: Record<string, string | null>): string[] {
  const paths = [...new Set([...Object.keys(now), ...Object.keys(then)])].sort()
  return paths.filter((path) => now[path] !== then[path]).map((path) => `${path} has other content.`)
}
