import { expect, it } from 'vitest'
import { type AgentEvent, createThread } from '@/lib/agent'
import { call, patch, reply, say, scriptedModel } from '@/lib/agent/testing/scripted'
import { createWorld } from '@/lib/agent/testing/world'
import type { BrowserStore, NewCheckpoint, ProjectWriter } from '@/lib/workspace/browser-store'
import type { AgentFacade } from './agent-facade'
import { type CheckpointKeeping, createCheckpoints } from './checkpoints'
import type { ThreadKeeping } from './threads'

it('a checkpoint holds the conversation up to its step, whatever the eye was told by then', async () => {
  const { workspace, ...world } = createWorld({ files: { 'a.ts': 'a\n' } }).dependencies
  const { model: callModel } = scriptedModel([
    reply(call('c0', 'read_file', { path: 'a.ts' })),
    reply(patch('c1', '*** Update File: a.ts', '-a', '+b')),
    reply(say('Done.')),
  ])
  const saved: AgentEvent[] = []
  const kept: NewCheckpoint[] = []
  const copies: (readonly AgentEvent[])[] = []
  let checkpoints: CheckpointKeeping | null = null
  const thread = createThread({
    ...{ id: 'thread', events: [], policy: 'auto', allowedRules: [], models: [], model: 'test', callModel },
    save: async (events) => void saved.push(...events),
    world: {
      ...{ ...world, workspace, foreignProject: 'a project that came by a link' },
      checkpoint: async (label, turnId) => checkpoints?.save(label, turnId) ?? '',
    },
  })
  const writer = {
    saveCheckpoint: async (checkpoint: NewCheckpoint) => void kept.push(checkpoint),
    readCheckpoint: async (id: string) => kept.find((checkpoint) => checkpoint.id === id),
  }
  checkpoints = createCheckpoints({
    projectId: 'p',
    store: { readThread: async () => saved } as Partial<BrowserStore> as BrowserStore,
    writer: () => writer as unknown as ProjectWriter,
    workspace,
    agent: () => ({ thread, stop: async () => undefined }) as unknown as AgentFacade,
    threads: () =>
      ({ openCopy: async (events) => void copies.push(events) }) as Partial<ThreadKeeping> as ThreadKeeping,
    assertMayRun: () => undefined,
  })
  await thread.send('Go')
  const [before, after] = kept
  // Each stands where the event that tells of it does.
  const places = saved.flatMap(({ type }, index) => (type === 'checkpoint' ? [index] : []))
  expect(kept.map((checkpoint) => checkpoint.thread?.events)).toEqual(places)
  for (const checkpoint of [before, after]) await checkpoints.api.restore(checkpoint?.id ?? '', 'thread')
  // Before the turn there was nothing, not even that the project is foreign.
  expect(copies).toEqual([[], saved.slice(0, places[1])])
})
