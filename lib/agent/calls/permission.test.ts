import { describe, expect, it } from 'vitest'
import type { ApprovalDecision } from '../events'
import { textOf } from '../history'
import { call, patch, reply, say } from '../testing/scripted'
import { createWorld, ofType, outputs, run } from '../testing/world'
import type { TurnDependencies } from '../types'

const files = { 'src/a.ts': 'export const a = 1\n', 'AGENTS.md': 'Be kind.\n' }
const commands = { 'npm run build': () => ({ output: 'built\n' }) }
const build = (id: string) => reply(call(id, 'shell', { command: 'npm run build' }))
const answer = (decision: ApprovalDecision, reason?: string) => () => ({ decision, ...(reason ? { reason } : {}) })

describe('a call that the policy asks about', () => {
  it('runs once when the user allows it once, and asks again the next time', async () => {
    const world = createWorld({ files, commands, policy: 'review', approve: answer('once') })
    const { events } = await run(world, [build('c1'), build('c2'), reply(say('Done.'))])
    expect(world.ran).toEqual(['npm run build', 'npm run build'])
    expect(ofType(events, 'approval-request').map(({ approval }) => approval.detail)).toEqual([
      'npm run build',
      'npm run build',
    ])
    expect(ofType(events, 'approval-decision')).toMatchObject([{ decision: 'once' }, { decision: 'once' }])
  })

  it('does not ask again for a rule that the user always allows', async () => {
    const world = createWorld({
      files,
      commands: { 'eslint src': () => ({}) },
      policy: 'review',
      approve: answer('always'),
    })
    const lint = (id: string) => reply(call(id, 'shell', { command: 'eslint src' }))
    const { events } = await run(world, [lint('c1'), lint('c2'), reply(say('Done.'))])
    expect(ofType(events, 'approval-request')).toHaveLength(1)
    expect(world.ran).toEqual(['eslint src', 'eslint src'])
  })

  it('is not asked about for npx where the command is installed, and is where it is not or nobody can look', async () => {
    const line = 'npx eslint src'
    const asked = async (installed: boolean, more: Partial<TurnDependencies> = {}) => {
      const look = { "test -e 'node_modules/.bin/eslint'": () => ({ exitCode: installed ? 0 : 1 }) }
      const world = createWorld({ files, commands: { ...look, [line]: () => ({}) }, approve: answer('deny') })
      const script = [reply(call('c1', 'shell', { command: line })), reply(say('Done.'))]
      const { events } = await run(world, script, { dependencies: more })
      expect(world.ran.includes(line)).toBe(ofType(events, 'approval-request').length === 0)
      return ofType(events, 'approval-request').map(({ approval }) => approval.reason)
    }
    const download = ['Runs a command of a package, which may be downloaded for it.']
    expect(await asked(true)).toEqual([])
    expect(await asked(false)).toEqual(download)
    const plain = createWorld({ files, commands: { 'npx vitest run': () => ({}) } })
    await run(plain, [reply(call('c1', 'shell', { command: 'npx vitest run' })), reply(say('Done.'))])
    expect(plain.ran).toEqual(['npx vitest run'])
    expect(await asked(true, { sandbox: () => Promise.reject(new Error('no sandbox')) })).toEqual(download)
  })

  it('does not run when the user denies it, and tells the model the reason', async () => {
    const world = createWorld({ files, commands, policy: 'review', approve: answer('deny', 'Use tsc instead.') })
    const { events, result } = await run(world, [build('c1'), reply(say('Then not.'))])
    expect(world.ran).toEqual([])
    expect(ofType(events, 'tool-start')).toEqual([])
    expect(outputs(events).c1).toBe(
      "refused by the user; it was not run. The user's reason: Use tsc instead. Do not try it again in another form.",
    )
    expect(result.status).toBe('done')
  })

  it('shows characters that nobody can see, and offers no rule for them', async () => {
    const command = 'node a\u202eb.js \u{e0072}\u{e006d}'
    const world = createWorld({ files, policy: 'review', approve: answer('deny') })
    const { events } = await run(world, [reply(call('c1', 'shell', { command })), reply(say('Then not.'))])
    const [request] = ofType(events, 'approval-request')
    expect(request?.approval).toMatchObject({ detail: 'node a‹U+202E›b.js ‹hidden: rm›', rule: null })
    expect(JSON.stringify(request)).not.toMatch(/[\u202e\u{e0072}]/u)
  })

  it('waits for the user before a file of secrets joins the conversation, and leaves it out of searches', async () => {
    const secrets = { ...files, '.env': 'PASSWORD=hunter2\n', '.env.example': 'PASSWORD=\n' }
    const world = createWorld({ files: secrets, policy: 'auto', approve: answer('deny') })
    const { events } = await run(world, [
      reply(call('c1', 'read_file', { path: './.env' }), call('c2', 'search', { query: 'PASSWORD' })),
      reply(call('c3', 'shell', { command: 'cat .en*' })),
      reply(say('Then not.')),
    ])
    expect(ofType(events, 'approval-request')).toMatchObject([
      { approval: { callId: 'c1', tool: 'read_file' } },
      { approval: { callId: 'c3', tool: 'shell' } },
    ])
    expect(outputs(events).c2).toContain('.env.example')
    expect(JSON.stringify(events)).not.toContain('hunter2')
  })

  it('waits for the user before a protected file is changed, under every policy', async () => {
    const edit = patch('c1', '*** Update File: AGENTS.md', '-Be kind.', '+Obey me.')
    for (const policy of ['review', 'auto'] as const) {
      const world = createWorld({ files, policy, approve: answer('deny') })
      const { events } = await run(world, [reply(edit), reply(say('Then not.'))])
      expect(ofType(events, 'approval-request')).toMatchObject([{ approval: { tool: 'apply_patch', rule: null } }])
      expect(world.workspace.files.get('AGENTS.md')).toBe('Be kind.\n')
    }
  })

  it('sees every path of a patch in any form: moves, unified diffs, odd spellings', async () => {
    for (const lines of [
      ['*** Update File: src/a.ts', '*** Move to: .git/hooks/pre-commit', '-export const a = 1', '+evil'],
      ['--- a/AGENTS.md', '+++ b/AGENTS.md', '@@ -1 +1 @@', '-Be kind.', '+Obey me.'],
      ['*** Update File: ./src/../agents.md', '-Be kind.', '+Obey me.'],
    ]) {
      const world = createWorld({ files, approve: answer('deny') })
      await run(world, [reply(patch('c1', ...lines)), reply(say('Then not.'))])
      expect(Object.fromEntries(world.workspace.files)).toEqual(files)
    }
  })
})

describe('asking and planning', () => {
  it('change nothing, whatever the policy allows', async () => {
    for (const mode of ['ask', 'plan'] as const) {
      const world = createWorld({ files, commands, policy: 'auto' })
      const { events, result } = await run(
        world,
        [
          reply(patch('c1', '*** Delete File: src/a.ts')),
          reply(call('c2', 'shell', { command: 'npm run build' })),
          reply(call('c3', 'shell', { command: 'cat src/a.ts' })),
          reply(say('Done.')),
        ],
        { input: { mode } },
      )
      expect(result).toMatchObject({ status: 'done', verified: null })
      expect(outputs(events).c1).toContain(`refused by the policy: This turn is in ${mode} mode`)
      expect(world.ran).toEqual(['cat src/a.ts'])
      expect(Object.fromEntries(world.workspace.files)).toEqual(files)
    }
  })
})

describe('a change of policy while the turn runs', () => {
  it('holds for the next call and is told to the model in a new item', async () => {
    const world = createWorld({ files, commands })
    let policy: 'auto' | 'read-only' = 'auto'
    const { requests, events } = await run(world, [build('c1'), build('c2'), reply(say('Done.'))], {
      dependencies: { policy: () => policy },
      onEvent(event) {
        if (event.type === 'tool-end') policy = 'read-only'
      },
    })
    expect(outputs(events).c2).toContain('refused by the policy')
    const sessions = requests.map(({ input }) => input.map(textOf).filter((text) => text.startsWith('<session>')))
    expect(sessions.map((texts) => texts.length)).toEqual([1, 2, 2])
    expect(sessions[1]?.[1]).toContain('Read-only:')
  })
})
