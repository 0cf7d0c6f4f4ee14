import { expect, it, vi } from 'vitest'
import { defaultLimits, type Limits } from '@/lib/agent/limits/limits'
import { createStore } from '@/lib/base'
import { createWorkspace } from '@/lib/workspace'
import { createPageApi } from './page-api'
import { createProjectExecutables } from './projects/project-executables'
import type { Session } from './types'

function open() {
  const state = createStore<{ limits: Limits }>(() => ({ limits: defaultLimits }))
  const act = vi.fn(async () => undefined)
  const agent = {
    ...{ state, send: act, enqueue: act, steer: act, approve: act, setPolicy: act },
    setSettings: (settings: { limits: Limits }) => state.setState(settings),
  }
  const runtime = { state: createStore(() => ({ status: 'off' })) }
  const workspace = createWorkspace(new Map([['a.txt', 'a']]))
  const project = createStore(() => ({ readOnly: false, meta: { restricted: false } }))
  const memory = new Map()
  const executables = createProjectExecutables({
    ...{ workspace, memory, setMemory: (key, value) => void memory.set(key, value) },
    kept: () => new Map(),
  })
  const session = { agent, runtime, workspace, executables, project, checkpoints: { restore: act } }
  const api = createPageApi(session as unknown as Session, '1')
  return { api, act, workspace, executables, turn: () => state.getState().limits.turn }
}

it('sets the limits of a turn that are named and leaves the others', () => {
  const { api, turn } = open()
  api.agent.setLimits({ steps: 3, dollars: null })
  expect(turn()).toEqual({ ...defaultLimits.turn, steps: 3, dollars: null })
})

it.each([{ steps: 0 }, { seconds: Number.NaN }, { stepz: 3 }])('refuses limits that are none: %o', (limits) => {
  const { api, turn } = open()
  expect(() => api.agent.setLimits(limits)).toThrow('Limits are steps, tokens, seconds and dollars: above 0, or null.')
  expect(turn()).toEqual(defaultLimits.turn)
})

it('takes new scripts that are mounted for executable, and none that is written', async () => {
  const { api, executables } = open()
  await api.files.write('written.sh', '#!/bin/sh')
  await api.files.mount({ 'written.sh': '#!/bin/bash', 'new.sh': '#!/bin/sh', 'plain.ts': '' })
  expect([...executables.state.getState().executables]).toEqual(['new.sh'])
})

/** As scripts call it, which no compiler has read. */
const mistakes: Record<string, (api: Record<string, Record<string, (...values: unknown[]) => unknown>>) => unknown> = {
  'a mode that is none': ({ agent }) => agent?.send?.('Mend it', { mode: 'Plan' }),
  'such a mode of a message that waits': ({ agent }) => agent?.queue?.('Mend it', { mode: 'Plan' }),
  'a message that is no text': ({ agent }) => agent?.send?.(undefined),
  'a decision that is none': ({ agent }) => agent?.approve?.('id', 'no'),
  'no decision at all': ({ agent }) => agent?.approve?.('id'),
  'a policy that is none': ({ agent }) => agent?.setPolicy?.('readonly'),
  'a part of a checkpoint that is none': ({ checkpoints }) => checkpoints?.restore?.('id', 'file'),
  'a file below a file': ({ files }) => files?.write?.('a.txt/b', 'b'),
  'a file that is no text': ({ files }) => files?.mount?.({ 'a.txt': 5 }),
}

it.each(Object.keys(mistakes))('refuses %s, and does nothing', async (name) => {
  const { api, act, workspace } = open()
  await expect(async () => mistakes[name]?.(api as never)).rejects.toThrow()
  expect(act).not.toHaveBeenCalled()
  expect([...workspace.files]).toEqual([['a.txt', 'a']])
})
