import { contentKey } from '@/lib/workspace'
import type { RecordedChange } from '../candidates/events'
import { pickedChanges, placeChanges } from '../candidates/pick'
import { foldRace } from '../candidates/race-state'
import { rankCandidates } from '../candidates/rank'
import type { AgentEvent } from '../events'
import type { CassetteRace, FileEffects, Files, RaceAttempt, RaceRun } from './cassette'
import { addEffects, changesOf, textOf, withChanges, writingCalls } from './file-effects'
import { readRun } from './read-run'

/** The attempts at a turn, as its events tell of them; null when there were none. `files`: before the turn and after the pick. */
export function readRace(
  events: readonly AgentEvent[],
  files: { before: Files; picked: Files | null },
): CassetteRace | null {
  const starts = events.flatMap(({ type }, index) => (type === 'candidates-start' ? [index] : []))
  const first = events.find((event) => event.type === 'candidates-start')
  if (!first) return null
  const picked = events.find((event) => event.type === 'candidates-picked')
  return {
    total: first.total,
    runs: starts.map((start, nth) => readRaceRun(events, { from: start, to: starts[nth + 1], before: files.before })),
    pick: picked ? { index: picked.index, by: picked.by, files: picked.files } : null,
    checked: events.find((event) => event.type === 'candidates-checked')?.verification ?? null,
    edits: picked && files.picked ? editsBeside(picked, events, { before: files.before, after: files.picked }) : {},
  }
}

function readRaceRun(
  all: readonly AgentEvent[],
  { from, to, before }: { from: number; to: number | undefined; before: Files },
): RaceRun {
  const events = all.slice(from, to)
  const earlier = foldRace(all.slice(0, from)).results
  const [start] = events
  const goOn = (start?.type === 'candidates-start' && start.goOn) || []
  const attempts = [...new Set(events.flatMap((event) => (event.type === 'candidate-event' ? [event.index] : [])))]
    .sort((a, b) => a - b)
    .map((index) => {
      const told = goOn.includes(index) ? (earlier.get(index)?.changes ?? []) : []
      return readAttempt(events, index, withChanges(before, toEffects(told)))
    })
  const results = [...foldRace(all.slice(0, to)).results.values()]
  return { atOnce: openAtOnce(events), order: orderOf(events), attempts, ranking: rankCandidates(results) }
}

function readAttempt(events: readonly AgentEvent[], index: number, before: Files): RaceAttempt {
  const own = events.flatMap((event) =>
    event.type === 'candidate-event' && event.index === index ? [event.event] : [],
  )
  const end = events.findLast((event) => event.type === 'candidate-end' && event.index === index)
  const result = end?.type === 'candidate-end' ? end : null
  const run = readRun(own)
  const changes = toEffects(result?.changes ?? [])
  const isLost = result?.status === 'stopped' && result.changes.length === 0
  if (!isLost) addEffects(run.effects, writingCalls(own), { before, after: withChanges(before, changes) })
  return {
    ...run,
    index,
    verification: result?.verification ?? null,
    ...(result?.limit && { limit: result.limit }),
    expected: {
      status: result?.status ?? 'stopped',
      steps: result?.steps ?? 0,
      message: result?.message ?? '',
      files: Object.fromEntries(
        Object.entries(changes).map(([path, text]) => [path, text === null ? null : contentKey(text)]),
      ),
    },
  }
}

/** Text files only, as everywhere in a cassette. */
function toEffects(changes: readonly RecordedChange[]): FileEffects {
  return Object.fromEntries(
    changes.flatMap(({ path, after }) => (after === null || typeof after === 'string' ? [[path, after]] : [])),
  )
}

/**
 * Who got an answer of the model or of a tool when: as it was asked for or came, and an attempt's last one when the
 * attempt ended, if it did by itself.
 */
function orderOf(events: readonly AgentEvent[]): number[] {
  const ran = new Set<string>()
  const got: { index: number; place: number }[] = []
  for (const [place, event] of events.entries()) {
    if (event.type === 'candidate-event') {
      const { index, event: inner } = event
      if (inner.type === 'tool-start') ran.add(`${index} ${inner.callId}`)
      const isAnswer = inner.type === 'tool-end' && ran.has(`${index} ${inner.callId}`)
      if (isAnswer || inner.type === 'step-start') got.push({ index, place })
    }
    if (event.type === 'candidate-end' && event.status !== 'stopped') {
      const last = got.findLast(({ index }) => index === event.index)
      // The others wait for the first answer of all.
      if (last && last !== got[0]) last.place = place
    }
  }
  return got.sort((a, b) => a.place - b.place).map(({ index }) => index)
}

function openAtOnce(events: readonly AgentEvent[]): number {
  const open = new Set<number>()
  let most = 0
  for (const event of events) {
    if (event.type === 'candidate-event') open.add(event.index)
    if (event.type === 'candidate-end') open.delete(event.index)
    most = Math.max(most, open.size)
  }
  return most
}

/** What the files hold beside the pick. */
function editsBeside(
  picked: Extract<AgentEvent, { type: 'candidates-picked' }>,
  events: readonly AgentEvent[],
  { before, after }: { before: Files; after: Files },
): FileEffects {
  const results = [...foldRace(events).results.values()]
  const placed = placeChanges(new Map(Object.entries(before)), pickedChanges(picked, results))
  const files = new Map<string, unknown>(Object.entries(before))
  for (const { path, after: data } of placed.ok ? placed.changes : []) {
    if (data === null) files.delete(path)
    else files.set(path, data)
  }
  return changesOf(textOf(files as Map<string, string>), after)
}
