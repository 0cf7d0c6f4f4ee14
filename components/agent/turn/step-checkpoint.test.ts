import { expect, it } from 'vitest'
import type { AgentEvent } from '@/lib/agent'
import { checkpointAfter } from './step-checkpoint'

const ended = (callId: string) => ({ type: 'tool-end', callId }) as AgentEvent
const saved = (checkpointId: string) => ({ type: 'checkpoint', checkpointId }) as AgentEvent
const other = (type: AgentEvent['type']) => ({ type }) as AgentEvent

it('is the one made before the next step begins', () => {
  const events = [
    saved('a'),
    ended('one'),
    ended('two'),
    other('history'),
    saved('b'),
    other('step-start'),
    ended('three'),
  ]
  expect(['one', 'two', 'three', 'none'].map((callId) => checkpointAfter(events, callId))).toEqual([
    'b',
    'b',
    null,
    null,
  ])
})

it('is none where the step was saved by a version that kept only changes', () => {
  const events = [ended('one'), other('history'), other('step-start'), ended('two'), saved('b'), other('turn-end')]
  expect(['one', 'two'].map((callId) => checkpointAfter(events, callId))).toEqual([null, 'b'])
})
