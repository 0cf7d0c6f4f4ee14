import { compactNow } from '../compaction/compact-now'
import { lastCompaction } from '../compaction/thread-compaction'
import type { AgentEvent, AgentEventBody, TurnResult } from '../events'
import { leaveTurn, runTurn } from '../loop'
import { noUsage } from '../tokens/usage'
import type { RoomEvent } from '../types'
import { roomEvent } from './aside-queue'
import type { CassetteTurn } from './cassette'
import { createRecordedTurn, type Stage } from './recorded-turn'

/** Plays one turn, and what was done with the conversation until the next. */
export async function playTurn(stage: Stage, turn: CassetteTurn, turnId: string): Promise<TurnResult> {
  const begin = stage.events.length
  let controller = new AbortController()
  let cut = () => {}
  const recorded = createRecordedTurn(stage, turn, {
    turnId,
    stop: () => controller.abort(),
    // What has happened until then is told first.
    cut: () => setTimeout(cut),
  })
  const { input, asides, dependencies, follow } = recorded
  const interrupted = () => ({ ...dependencies(), interrupted: stage.events.slice(begin) })

  const run = async (world = dependencies()): Promise<TurnResult> => {
    controller = new AbortController()
    const isCut = new Promise<null>((resolve) => {
      cut = () => resolve(null)
    })
    const running = runTurn(input, world, controller.signal)
    for (;;) {
      const next = await Promise.race([running.next(), isCut])
      if (next === null) return waiting
      if (next.done) return next.value
      follow(next.value)
    }
  }
  const leave = async (): Promise<TurnResult> => {
    let result = waiting
    for await (const event of leaveTurn(input, interrupted())) {
      follow(event)
      if (event.type === 'turn-end') result = event.result
    }
    return result
  }
  const tell = (body: AgentEventBody, of = turnId) =>
    follow({ turnId: of, seq: stage.nextSeq(), at: Date.now(), ...body } satisfies AgentEvent)
  const shorten = async (event: RoomEvent) => {
    const told = { room: () => [event], verification: () => null, ranUnasked: () => false }
    const signal = new AbortController().signal
    for await (const each of compactNow(input, { ...dependencies(), recorded: told }, signal)) follow(each)
  }

  let result = await run()
  for (let aside = asides.next(); aside; aside = asides.next()) {
    const room = roomEvent(aside)
    if (room) await shorten(room)
    if (aside.type === 'compaction-undone') {
      // Told of the turn that was shortened.
      const undone = lastCompaction(stage.events)
      if (undone) tell({ type: 'compaction-undone', compactionSeq: undone.seq }, undone.turnId)
    }
    if (aside.type === 'limit-raised') {
      tell({ type: 'limit-raised', scope: aside.scope, limit: aside.limit, by: aside.by })
    }
    if (aside.type === 'limit-raised' || aside.type === 'cut') result = await run(interrupted())
    if (aside.type === 'left') result = await leave()
  }
  return result
}

const waiting: TurnResult = {
  ...{ status: 'waiting', message: '', verified: null, usage: noUsage, steps: 0, durationMs: 0 },
}
