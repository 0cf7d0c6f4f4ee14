import type { AgentEvent } from '../events'
import { kindOf } from '../item-kind'
import { wasLeft, wentOn } from '../loop'
import type { Aside, CassetteTurn, Files } from './cassette'
import { keysOf } from './file-effects'
import { readRun } from './read-run'

type TurnStart = Extract<AgentEvent, { type: 'turn-start' }>

/** A turn as its events tell it, but for what it did to files. */
export function readTurn(start: TurnStart, events: readonly AgentEvent[], before: Files): CassetteTurn {
  const { text, mode, policy, model, at } = start
  const turn: CassetteTurn = {
    ...{ text, mode, policy, model, at, edits: {} },
    ...(start.attachments && { attachments: start.attachments }),
    ...(start.review && { review: start.review }),
    context: contextOf(events),
    ...readRun(events),
    ...{ decisions: {}, answers: {}, steering: [] },
    asides: readAsides(events),
    expected: { status: 'waiting', verified: null, steps: 0, message: '', files: keysOf(before) },
  }
  let step = 0
  for (const event of events) {
    if (event.type === 'step-start') step = event.step
    if (event.type === 'approval-decision') {
      turn.decisions[event.callId] = { decision: event.decision, ...(event.reason && { reason: event.reason }) }
    }
    if (event.type === 'question-answer') turn.answers[event.callId] = event.answers
    if (event.type === 'steer') turn.steering.push({ step, text: event.text })
    if (event.type === 'turn-end') {
      const { status, verified, steps, message } = event.result
      Object.assign(turn.expected, { status, verified, steps, message })
    }
  }
  return turn
}

/** The pack's instructions are told by whoever plays it. */
function contextOf(events: readonly AgentEvent[]) {
  const opening = events.find((event) => event.type === 'history')
  const kinds = new Set(['instructions', 'session', 'environment'])
  const told = opening?.items.findIndex((item, index) => !kinds.has(kindOf(item, index))) ?? 0
  return (opening?.items.slice(0, told) ?? []).filter((item, index) => kindOf(item, index) !== 'instructions')
}

function readAsides(events: readonly AgentEvent[]): Aside[] {
  const asides: Aside[] = []
  let after = 0
  let isOpened = false
  let hasEnded = false
  for (const event of events) {
    const { seq: _seq, at: _at, turnId: _turnId, ...body } = event
    switch (body.type) {
      case 'step-start':
      case 'candidates-start':
        after += 1
        break
      case 'history':
        if (isOpened && body.items.every((item) => kindOf(item, 1) === 'session')) {
          asides.push({ type: 'told', after, items: body.items })
        }
        isOpened = true
        break
      case 'compaction':
      case 'compaction-failed':
      case 'summary-use':
        asides.push({ ...body, after })
        break
      case 'compaction-undone':
        asides.push({ type: 'compaction-undone', after })
        break
      case 'limit-raised':
        // Within a race the turn itself raises it again.
        if (hasEnded) asides.push({ ...body, after })
        hasEnded = false
        break
      case 'notice':
        if (body.message === wentOn) asides.push({ type: 'cut', after })
        if (body.message === wasLeft) asides.push({ type: 'left', after })
        break
      case 'turn-end':
        asides.push({ type: 'end', after, ...(body.result.error?.limit && { limit: body.result.error.limit }) })
        hasEnded = true
        break
      default:
    }
  }
  const last = asides.at(-1)
  return last?.type === 'end' && !last.limit ? asides.slice(0, -1) : asides
}
