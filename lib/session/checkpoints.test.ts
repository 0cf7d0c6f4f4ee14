import { expect, it } from 'vitest'
import { type AgentEvent, createThread } from '@/lib/agent'
import { call, patch, reply, say, scriptedModel } from '@/lib/agent/testing/scripted'
import { createWorld } from '@/lib/agent/testing/world'
import type { BrowserStore, ProjectWriter } from '@/lib/workspace/browser-store'
import type { AgentFacade } from './agent-facade'
import { type CheckpointKeeping, createCheckpoints } from './checkpoints'
import type { ThreadKeeping } from './threads'

it('a checkpoint after a step holds the conversation up to that step, whatever the eye was told by then', async () => {
  const { workspace, ...world } = createWorld({ files: { 'a.ts': 'a\n' } }).dependencies
  const { model: callModel } = scriptedModel([
    reply(call('c0', 'read_file', { path: 'a.ts' })),
    reply(patch('c1', '*** Update File: a.ts', '-a', '+b')),
    reply(say('Done.')),
  ])
  const saved: AgentEvent[] = []
  const kept: (number | undefined)[] = []
  let checkpoints: CheckpointKeeping | null = null
  const thread = createThread({
    ...{ id: 'thread', events: [], policy: 'auto', allowedRules: [], models: [], model: 'test', callModel },
    save: async (events) => void saved.push(...events),
    world: { ...world, workspace, checkpoint: async (label, turnId) => checkpoints?.save(label, turnId) ?? '' },
  })
  checkpoints = createCheckpoints({
    projectId: 'p',
    store: {} as BrowserStore,
    writer: () =>
      ({
        saveCheckpoint: async ({ thread: at }) => void kept.push(at?.events),
      }) as Partial<ProjectWriter> as ProjectWriter,
    workspace,
    agent: () => ({ thread }) as unknown as AgentFacade,
    threads: () => ({}) as ThreadKeeping,
    assertMayRun: () => undefined,
  })
  await thread.send('Go')
  // Each stands where the event that tells of it does.
  expect(kept).toEqual(saved.flatMap(({ type }, index) => (type === 'checkpoint' ? [index] : [])))
})
