import { describe, expect, it } from 'vitest'
import type { ToolResult } from '../events'
import { createSeenFiles, foldSeenFiles } from '../files/seen-files'
import { call, patch, type Reply, reply, say } from '../testing/scripted'
import { createWorld, ofType, outputs, run, type World } from '../testing/world'

const lines = Array.from({ length: 40 }, (_, index) => `line ${index + 1}`)
const textOf = (changed: Record<number, string> = {}) =>
  `${lines.map((line, index) => changed[index + 1] ?? line).join('\n')}\n`
const read = reply(call('read', 'read_file', { path: 'a.txt' }))
const patchLine = (at: number, callId = 'patch', text = `agent ${at}`) =>
  reply(patch(callId, '*** Update File: a.txt', '@@', ` line ${at - 1}`, `-line ${at}`, `+${text}`, ` line ${at + 1}`))
const done = reply(say('Done.'))

/** Between two steps of the model somebody else writes into the project. */
function meanwhile(world: World, after: string | null, next: Reply, origin: 'user' | 'sandbox' = 'user'): Reply {
  return (request) => {
    world.workspace.apply([{ path: 'a.txt', after }], { origin, label: 'Changed' })
    return typeof next === 'function' ? next(request) : next
  }
}

function open() {
  const seen = createSeenFiles()
  const world = createWorld({ files: { 'a.txt': textOf() } })
  return {
    world,
    seen,
    async play(replies: Reply[], known = seen) {
      const { events } = await run(world, replies, { dependencies: { seen: known } })
      const results = Object.fromEntries(ofType(events, 'tool-end').map(({ callId, result }) => [callId, result]))
      return { results, events, told: outputs(events) }
    },
  }
}

describe('a patch to a file that changed since the model saw it', () => {
  it.each(['user', 'sandbox'] as const)(
    'is refused when it touches what was changed by the %s, with the change; then it can go on',
    async (origin) => {
      const { world, play } = open()
      const { told } = await play([
        read,
        meanwhile(world, textOf({ 11: 'theirs 11' }), patchLine(10), origin),
        patchLine(20, 'far'),
        reply(patch('again', '*** Update File: a.txt', '@@', ' line 9', '-line 10', '+agent 10', ' theirs 11')),
        done,
      ])
      expect(told.patch).toContain('patch not applied, nothing was changed')
      expect(told.patch).toContain('a.txt changed since you last saw it')
      expect(told.patch).toContain('-line 11\n+theirs 11')
      expect(told.far).toMatch(/^patch applied/)
      expect(told.again).toMatch(/^patch applied/)
      expect(world.workspace.files.get('a.txt')).toBe(textOf({ 10: 'agent 10', 11: 'theirs 11', 20: 'agent 20' }))
    },
  )

  it('is refused when the change is near, though every line of it fits', async () => {
    const { world, play } = open()
    const { results } = await play([read, meanwhile(world, textOf({ 13: 'theirs 13' }), patchLine(10)), done])
    expect(results.patch).toMatchObject({ ok: false, summary: 'out of date' })
    expect(world.workspace.files.get('a.txt')).toBe(textOf({ 13: 'theirs 13' }))
  })

  it('is applied when the change lies elsewhere, and says what it was', async () => {
    const { world, play } = open()
    const { told } = await play([
      read,
      meanwhile(world, textOf({ 30: 'theirs 30' }), patchLine(10)),
      patchLine(20, 'next'),
      done,
    ])
    expect(told.patch).toMatch(/^patch applied\nElsewhere in the file others changed lines/)
    expect(told.patch).toContain('+theirs 30')
    expect(told.next).not.toContain('Elsewhere')
  })

  it.each([
    ['deletes it', patch('patch', '*** Delete File: a.txt')],
    ['writes it anew', patch('patch', '*** Add File: a.txt', '+new')],
    [
      'moves it away',
      patch('patch', '*** Update File: a.txt', '*** Move to: b.txt', '@@', ' line 1', '-line 2', '+agent', ' line 3'),
    ],
  ])('is refused when it %s, however far the change', async (_what, item) => {
    const { world, play } = open()
    const { results } = await play([read, meanwhile(world, textOf({ 40: 'theirs' }), reply(item)), done])
    expect(results.patch).toMatchObject({ ok: false, summary: 'out of date' })
    expect([...world.workspace.files.keys()]).toEqual(['a.txt'])
    expect(world.workspace.files.get('a.txt')).toBe(textOf({ 40: 'theirs' }))
  })

  it('has to be read again when the change is long; reading it in the shell counts', async () => {
    const long = textOf(Object.fromEntries(lines.map((_, index) => [index + 5, `theirs ${index}`])))
    const files = { 'a.txt': textOf() }
    const seen = createSeenFiles()
    const world = createWorld({ files, commands: { 'cat a.txt': () => ({ output: long }) } })
    const replaceAll = (callId: string) => reply(patch(callId, '*** Add File: a.txt', '+new'))
    const script = [
      read,
      meanwhile(world, long, replaceAll('one')),
      replaceAll('two'),
      reply(call('cat', 'shell', { command: 'cat a.txt' })),
      replaceAll('three'),
      done,
    ]
    const { events } = await run(world, script, { dependencies: { seen } })
    const told = outputs(events)
    expect(told.one).toContain('Read it again with read_file before you patch it.')
    expect(told.two).toContain('patch not applied')
    expect(told.three).toMatch(/^patch applied/)
  })

  it('that finds no place says what changed in the file', async () => {
    const { world, play } = open()
    const { told } = await play([read, meanwhile(world, 'all new\n', patchLine(10)), done])
    expect(told.patch).toContain('patch not applied')
    expect(told.patch).toContain('a.txt changed since you last saw it.')
  })
})

it('lets the model patch again and again what only it has changed, and files that it never saw', async () => {
  const { play } = open()
  const { told } = await play([
    patchLine(10, 'one'),
    patchLine(12, 'two'),
    reply(patch('three', '*** Delete File: a.txt')),
    done,
  ])
  for (const id of ['one', 'two', 'three']) expect(told[id]).toMatch(/^patch applied/)
})

it('takes what was attached for seen, and a search for what it shows', async () => {
  for (const attach of [true, false]) {
    const { world, seen } = open()
    const search = reply(call('search', 'search', { query: 'line 10' }))
    const change = meanwhile(world, textOf({ 11: 'theirs' }), patchLine(10))
    const { events } = await run(world, attach ? [change, done] : [search, change, done], {
      dependencies: { seen },
      ...(attach && { input: { attachments: [{ kind: 'file', path: 'a.txt' }] } }),
    })
    expect(outputs(events).patch).toContain('changed since you last saw it')
  }
})

describe('after a reload', () => {
  const reload = (events: Parameters<typeof foldSeenFiles>[0]) =>
    createSeenFiles(foldSeenFiles(JSON.parse(JSON.stringify(events))))

  it('a file is known by its key: as it was it may be replaced, changed it may not', async () => {
    const { world, play } = open()
    const { events } = await play([read, done])
    const seen = events.flatMap((event) => (event.type === 'tool-end' ? ((event.result as ToolResult).seen ?? []) : []))
    expect(seen).toEqual([{ path: 'a.txt', key: expect.stringMatching(/^text-[0-9a-f]{64}$/) }])
    const overwrite = (callId: string) => reply(patch(callId, '*** Add File: a.txt', '+new'))
    const refused = await play([meanwhile(world, textOf({ 5: 'theirs' }), overwrite('first')), done], reload(events))
    expect(refused.results.first).toMatchObject({ ok: false, summary: 'out of date' })
    const allowed = await play([meanwhile(world, textOf(), overwrite('second')), done], reload(events))
    expect(allowed.results.second).toMatchObject({ ok: true })
  })

  it('a patch that fits to the letter goes on; one that has to be bent is refused', async () => {
    const { world, play } = open()
    const { events } = await play([read, done])
    const bent = reply(patch('bent', '*** Update File: a.txt', '@@', ' line 29', '-line  30', '+agent 30', ' line 31'))
    const { results } = await play([meanwhile(world, textOf({ 5: 'theirs' }), patchLine(10)), done], reload(events))
    expect(results.patch).toMatchObject({ ok: true })
    const again = await play([meanwhile(world, textOf({ 6: 'theirs too' }), bent), done], reload(events))
    expect(again.results.bent).toMatchObject({ ok: false, summary: 'out of date' })
  })
})
