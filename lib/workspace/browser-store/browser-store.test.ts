import 'fake-indexeddb/auto'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createId } from '@/lib/base'
import type { FileData, FileMap } from '../files'
import { createWorkspace, type EditMeta, type Workspace } from '../workspace'
import { type BrowserStore, openBrowserStore, type ProjectMeta, type ProjectWriter } from '.'

let stores: BrowserStore[] = []
let name = ''

beforeEach(() => {
  name = createId('db_')
  stores = []
})

afterEach(() => {
  vi.restoreAllMocks()
  for (const store of stores) store.dispose()
})

async function open(): Promise<BrowserStore> {
  const store = await openBrowserStore({ name, throttleMs: 20, retryMs: 20 })
  stores.push(store)
  return store
}

function meta(id = 'p1', rest: Partial<ProjectMeta> = {}): ProjectMeta {
  return { id, name: 'Demo', template: null, createdAt: 1, openedAt: 1, restricted: false, ...rest }
}

function filesOf(entries: Record<string, FileData>): FileMap {
  return new Map(Object.entries(entries))
}

/** A project, its writer, and a workspace whose edits the writer saves. */
async function setUp(entries: Record<string, FileData> = { 'a.txt': 'one' }) {
  const store = await open()
  await store.createProject(meta(), filesOf(entries))
  const writer = await store.openWriter('p1')
  const workspace = createWorkspace(filesOf(entries))
  workspace.subscribe(writer.saveEdit)
  return { store, writer, workspace }
}

const typing: EditMeta = { origin: 'user', label: 'Type' }

function write(workspace: Workspace, path: string, after: FileData | null, editMeta: EditMeta = typing) {
  workspace.apply([{ path, after }], editMeta)
}

async function blobCount(): Promise<number> {
  const request = indexedDB.open(name)
  const db = await new Promise<IDBDatabase>((resolve) => {
    request.onsuccess = () => resolve(request.result)
  })
  const count = db.transaction('blobs').objectStore('blobs').count()
  return new Promise((resolve) => {
    count.onsuccess = () => {
      db.close()
      resolve(count.result)
    }
  })
}

/** Storage refuses all writes of file contents until `mockRestore`. */
function refuseWrites(error: unknown = new DOMException('', 'QuotaExceededError')) {
  const put = IDBObjectStore.prototype.put
  return vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
    if (this.name === 'blobs') throw error
    return put.call(this, value, key)
  })
}

async function checkpoint(writer: ProjectWriter, files: FileMap, id: string, at = 1) {
  await writer.saveCheckpoint({ id, at, label: id, turnId: null, files, thread: { threadId: 't1', events: 2 } })
}

describe('projects', () => {
  test('come back as they were stored, text and bytes', async () => {
    const store = await open()
    const files = filesOf({
      'src/a.ts': 'let a = 1\r\n',
      'b.bin': new Uint8Array([0, 255]),
      'c/ü.txt': '',
      'd.bin': new Uint8Array(),
    })
    await store.createProject(meta(), files)
    const loaded = await (await open()).loadProject('p1')
    expect(loaded).toEqual({ meta: meta(), files, memory: {}, threadId: null, events: [], missing: [] })
  })

  test('are listed with the last opened first, and can be renamed', async () => {
    const store = await open()
    await store.createProject(meta('old'), new Map())
    await store.createProject(meta('new', { openedAt: 5 }), new Map())
    await store.updateMeta('old', { name: 'Renamed', openedAt: 9 })
    expect((await store.listProjects()).map(({ id, name }) => [id, name])).toEqual([
      ['old', 'Renamed'],
      ['new', 'Demo'],
    ])
  })

  test('leave nothing behind when deleted, and take nothing of others along', async () => {
    const { store, writer, workspace } = await setUp()
    await store.createProject(meta('p10'), filesOf({ 'a.txt': 'one' }))
    write(workspace, 'b.txt', 'two')
    await checkpoint(writer, workspace.files, 'c1')
    await writer.dispose()
    await store.deleteProject('p1')
    expect(await store.loadProject('p1')).toBe(null)
    expect(await blobCount()).toBe(1)
    expect((await store.loadProject('p10'))?.files).toEqual(filesOf({ 'a.txt': 'one' }))
  })

  test('of 5,000 files are stored and read within seconds', async () => {
    const store = await open()
    const files = new Map(
      Array.from({ length: 5_000 }, (_, n) => [`d${n % 50}/f${n}.ts`, `export const n = ${n}\n`.repeat(20)]),
    )
    await store.createProject(meta(), files)
    expect((await store.loadProject('p1'))?.files.size).toBe(5_000)
  })

  test('are not overwritten by a second one of the same id', async () => {
    const { store } = await setUp()
    await expect(store.createProject(meta(), new Map())).rejects.toThrow()
    expect((await store.loadProject('p1'))?.files.size).toBe(1)
  })
})

describe('the writer', () => {
  test('saves edits shortly after, and says so', async () => {
    const { store, writer, workspace } = await setUp()
    write(workspace, 'a.txt', 'two')
    expect(writer.state.getState()).toBe('saving')
    await vi.waitFor(() => expect(writer.state.getState()).toBe('saved'))
    expect((await store.loadProject('p1'))?.files).toEqual(filesOf({ 'a.txt': 'two' }))
  })

  test('is throttled, not debounced: typing on does not put the commit off', async () => {
    const { store, workspace } = await setUp()
    for (let n = 0; n < 20; n++) {
      write(workspace, 'a.txt', `typed ${n}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    const stored = (await store.loadProject('p1'))?.files.get('a.txt')
    expect(stored).toMatch(/^typed 1?\d$/)
  })

  test('makes events durable together with all edits before them', async () => {
    const { store, writer, workspace } = await setUp()
    write(workspace, 'a.txt', null)
    write(workspace, 'b.txt', 'new')
    await writer.appendEvents('t1', [{ seq: 1 }, { seq: 2 }])
    expect(await store.loadProject('p1')).toMatchObject({
      files: filesOf({ 'b.txt': 'new' }),
      threadId: 't1',
      events: [{ seq: 1 }, { seq: 2 }],
    })
  })

  test('goes on with a thread where an earlier writer stopped', async () => {
    const { store, writer } = await setUp()
    await writer.appendEvents('t1', ['a', 'b'])
    await writer.appendEvents('t2', ['x'])
    await writer.dispose()
    await (await store.openWriter('p1')).appendEvents('t1', ['c'])
    expect(await store.readThread('p1', 't1')).toEqual(['a', 'b', 'c'])
    expect(await store.readThread('p1', 't2')).toEqual(['x'])
    expect(await store.loadProject('p1')).toMatchObject({ threadId: 't1', events: ['a', 'b', 'c'] })
  })

  test('of a thread go when it is removed, also those that were not yet written', async () => {
    const { store, writer } = await setUp()
    await writer.appendEvents('t1', ['a'])
    await writer.appendEvents('t2', ['x'])
    void writer.appendEvents('t2', ['y'])
    await writer.removeThread('t2')
    expect(await store.readThread('p1', 't1')).toEqual(['a'])
    expect(await store.readThread('p1', 't2')).toEqual([])
    expect((await store.loadProject('p1'))?.threadId).toBeNull()
  })

  test('stores what comes in one task in one commit', async () => {
    const { writer } = await setUp()
    const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction')
    const writes: Promise<void>[] = []
    for (const number of [1, 2, 3]) {
      writes.push(writer.appendEvents('t1', [{ number }]))
      for (let turns = 0; turns < 50; turns++) await null
    }
    await Promise.all(writes)
    expect(transaction).toHaveBeenCalledTimes(1)
  })

  test('makes events durable one by one when they come from everywhere at once', async () => {
    const { store, writer, workspace } = await setUp()
    const said = Array.from({ length: 50 }, (_, n) => n)
    await Promise.all(
      said.map(async (n) => {
        await Promise.resolve()
        write(workspace, `f${n % 7}.txt`, `${n}`)
        await writer.appendEvents('t1', [n])
        expect(await store.readThread('p1', 't1')).toContain(n)
      }),
    )
    expect(await store.readThread('p1', 't1')).toEqual(said)
  })

  test('journals edits with content keys, one entry for a run of typing', async () => {
    const { store, writer, workspace } = await setUp()
    write(workspace, 'a.txt', 'o')
    write(workspace, 'a.txt', 'on')
    write(workspace, 'b.txt', 'x', { origin: 'agent', label: 'Patch', turnId: 'turn1', callId: 'call1' })
    await writer.flush()
    const journal = await store.readJournal('p1')
    expect(journal.map(({ origin, changes }) => [origin, changes.map(({ path }) => path)])).toEqual([
      ['user', ['a.txt']],
      ['agent', ['b.txt']],
    ])
    expect(journal[1]).toMatchObject({ turnId: 'turn1', callId: 'call1', changes: [{ before: null }] })
    expect(await store.readJournal('p1', journal[0]?.seq)).toEqual([journal[1]])
  })

  test('keeps no content that nothing refers to', async () => {
    const { writer, workspace } = await setUp()
    for (let n = 0; n < 10; n++) {
      write(workspace, 'a.txt', `typed ${n}`)
      await writer.flush()
    }
    // The last text, and the first, which only the next opening may drop.
    expect(await blobCount()).toBe(2)
    await writer.dispose()
    await (await (await open()).openWriter('p1')).dispose()
    expect(await blobCount()).toBe(1)
  })

  test('keeps small values', async () => {
    const { store, writer } = await setUp()
    writer.setMemory('layout', { left: 240 })
    writer.setMemory('tabs', ['a.txt'])
    await writer.flush()
    writer.setMemory('tabs', undefined)
    await writer.flush()
    expect((await store.loadProject('p1'))?.memory).toEqual({ layout: { left: 240 } })
  })

  test('stores a view without its buffer, and a shared one as a copy', async () => {
    const { store, writer, workspace } = await setUp()
    write(workspace, 'view.bin', new Uint8Array([1, 2, 3, 255]).subarray(1))
    write(workspace, 'shared.bin', new Uint8Array(new SharedArrayBuffer(2)).fill(254))
    await writer.flush()
    const files = (await store.loadProject('p1'))?.files
    expect(files?.get('view.bin')).toEqual(new Uint8Array([2, 3, 255]))
    expect(files?.get('shared.bin')).toEqual(new Uint8Array([254, 254]))
    expect(files?.get('view.bin')).toHaveProperty('buffer.byteLength', 3)
  })
})

describe('checkpoints', () => {
  test('bring back every file, also deleted, renamed, empty and binary ones', async () => {
    const before = { 'a.txt': 'one', 'empty.txt': '', 'b.bin': new Uint8Array([0, 1]) }
    const { store, writer, workspace } = await setUp(before)
    await checkpoint(writer, workspace.files, 'c1')
    write(workspace, 'a.txt', null)
    write(workspace, 'z.txt', 'one')
    write(workspace, 'b.bin', new Uint8Array([9]))
    write(workspace, 'empty.txt', 'full')
    await checkpoint(writer, workspace.files, 'c2', 2)
    for (let n = 0; n < 5; n++) {
      write(workspace, 'empty.txt', `typed ${n}`)
      await writer.flush()
    }
    await writer.dispose()
    const reopened = await (await open()).openWriter('p1')
    expect(await reopened.listCheckpoints()).toEqual([
      { id: 'c1', at: 1, label: 'c1', turnId: null },
      { id: 'c2', at: 2, label: 'c2', turnId: null },
    ])
    expect(await store.readCheckpoint('p1', 'c1')).toMatchObject({
      files: filesOf(before),
      thread: { threadId: 't1', events: 2 },
      missing: [],
    })
    expect((await store.readCheckpoint('p1', 'c2'))?.files.get('empty.txt')).toBe('full')
    expect(await store.readCheckpoint('p1', 'nope')).toBe(null)
  })

  test('hold a state that was overwritten before anything was written', async () => {
    const { store, writer, workspace } = await setUp()
    write(workspace, 'a.txt', 'two')
    const saved = checkpoint(writer, workspace.files, 'c1')
    write(workspace, 'a.txt', 'three')
    await saved
    expect((await store.readCheckpoint('p1', 'c1'))?.files.get('a.txt')).toBe('two')
    expect((await store.loadProject('p1'))?.files.get('a.txt')).toBe('three')
  })

  test('without changes share the files of another, and cost next to nothing', async () => {
    const { store, writer, workspace } = await setUp()
    await checkpoint(writer, workspace.files, 'c1')
    const sizes: number[] = []
    const put = IDBObjectStore.prototype.put
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
      if (this.name === 'checkpoints') sizes.push(JSON.stringify(value).length)
      return put.call(this, value, key)
    })
    for (let n = 0; n < 300; n++) {
      const thread = { threadId: 't1', events: 3 + n }
      const step = { id: `s${n}`, at: 2 + n, label: 'Looked', turnId: 'turn', filesOf: 'c1' }
      void writer.saveCheckpoint({ ...step, files: workspace.files, thread })
    }
    expect(await writer.readCheckpoint('s0')).toMatchObject({ files: workspace.files, thread: { events: 3 } })
    await writer.flush()
    write(workspace, 'a.txt', 'two')
    await writer.dispose()
    const reopened = await (await open()).openWriter('p1')
    expect(await reopened.listCheckpoints()).toHaveLength(301)
    expect((await reopened.listCheckpoints())[1]).toMatchObject({ id: 's0', filesOf: 'c1' })
    expect(await store.readCheckpoint('p1', 's299')).toMatchObject({
      ...{ files: filesOf({ 'a.txt': 'one' }), thread: { events: 302 }, label: 'Looked' },
    })
    expect(Math.max(...sizes)).toBeLessThan(200)
  })

  test('are pruned when there are very many, with their contents', async () => {
    const { store, writer, workspace } = await setUp()
    for (let n = 0; n <= 200; n++) {
      write(workspace, 'a.txt', `state ${n}`)
      await checkpoint(writer, workspace.files, `c${String(n).padStart(3, '0')}`, n)
    }
    const list = await store.listCheckpoints('p1')
    expect(list.map(({ id }) => id)).toEqual(['c000', ...Array.from({ length: 20 }, (_, n) => `c${181 + n}`)])
    expect(await blobCount()).toBe(21)
    expect((await store.readCheckpoint('p1', 'c000'))?.files.get('a.txt')).toBe('state 0')
  })
})

describe('when storage refuses', () => {
  test('everything stays in memory, is readable there, and is written once storage answers again', async () => {
    const { store, writer, workspace } = await setUp()
    const refusing = refuseWrites()
    write(workspace, 'a.txt', 'two')
    await writer.appendEvents('t1', ['said'])
    expect(writer.state.getState()).toBe('memory')
    expect(writer.problem()).toMatchObject({ kind: 'quota', message: expect.stringContaining('full') })
    await checkpoint(writer, workspace.files, 'c1')
    expect(await writer.listCheckpoints()).toMatchObject([{ id: 'c1' }])
    expect((await writer.readCheckpoint('c1'))?.files.get('a.txt')).toBe('two')
    write(workspace, 'a.txt', 'three')
    write(workspace, 'b.txt', 'new')
    expect(await store.loadProject('p1')).toMatchObject({ files: filesOf({ 'a.txt': 'one' }), events: [] })

    refusing.mockRestore()
    await vi.waitFor(() => expect(writer.state.getState()).toBe('saved'), 2_000)
    expect(writer.problem()).toBe(null)
    expect(await store.loadProject('p1')).toMatchObject({
      files: filesOf({ 'a.txt': 'three', 'b.txt': 'new' }),
      events: ['said'],
    })
    expect((await store.readCheckpoint('p1', 'c1'))?.files.get('a.txt')).toBe('two')
  })

  test.each([1, 2, 3, 4, 5, 6, 7])('a commit that dies at write %i leaves all or nothing', async (at) => {
    const { store, writer, workspace } = await setUp({ 'a.txt': 'one', 'b.txt': 'one' })
    const put = IDBObjectStore.prototype.put
    let count = 0
    const dying = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
      this: IDBObjectStore,
      value,
      key,
    ) {
      count += 1
      if (count === at) this.transaction.abort()
      return put.call(this, value, key)
    })
    workspace.apply(
      [
        { path: 'a.txt', after: 'two' },
        { path: 'b.txt', after: 'two' },
      ],
      { origin: 'agent', label: 'Patch' },
    )
    await writer.appendEvents('t1', ['patched'])
    expect(count).toBeGreaterThanOrEqual(at)
    const torn = await store.loadProject('p1')
    expect([torn?.files.get('a.txt'), torn?.files.get('b.txt'), torn?.events]).toEqual(['one', 'one', []])
    dying.mockRestore()
    await vi.waitFor(() => expect(writer.state.getState()).toBe('saved'), 2_000)
    const whole = await store.loadProject('p1')
    expect([whole?.files.get('a.txt'), whole?.files.get('b.txt'), whole?.events]).toEqual(['two', 'two', ['patched']])
  })

  test('a new project lives in memory until it can be stored', async () => {
    const store = await open()
    const refusing = refuseWrites()
    await store.createProject(meta(), filesOf({ 'a.txt': 'one' }))
    expect(await store.listProjects()).toEqual([meta()])
    expect((await store.loadProject('p1'))?.files).toEqual(filesOf({ 'a.txt': 'one' }))
    const writer = await store.openWriter('p1')
    expect(writer.state.getState()).toBe('memory')
    refusing.mockRestore()
    await vi.waitFor(() => expect(writer.state.getState()).toBe('saved'), 2_000)
    expect((await (await open()).loadProject('p1'))?.files).toEqual(filesOf({ 'a.txt': 'one' }))
  })

  test('a database that cannot be opened is said, not thrown about', async () => {
    const blocked = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError')
    })
    const store = await open()
    await expect(store.listProjects()).rejects.toMatchObject({ kind: 'blocked' })
    await store.createProject(meta(), filesOf({ 'a.txt': 'one' }))
    const writer = await store.openWriter('p1')
    expect(writer.problem()).toMatchObject({ kind: 'blocked' })
    await writer.appendEvents('t1', ['kept'])
    blocked.mockRestore()
    await vi.waitFor(() => expect(writer.state.getState()).toBe('saved'), 2_000)
    expect(await store.loadProject('p1')).toMatchObject({ events: ['kept'] })
  })
})

describe('two tabs', () => {
  test('a new writer stops the old one, which keeps what it could not save', async () => {
    const { store, writer, workspace } = await setUp()
    const second = await (await open()).openWriter('p1')
    write(workspace, 'a.txt', 'from the old tab')
    await writer.flush()
    expect(writer.state.getState()).toBe('memory')
    expect(writer.problem()).toMatchObject({ kind: 'taken-over' })
    await second.appendEvents('t1', ['new tab'])
    expect(second.state.getState()).toBe('saved')
    expect(await store.loadProject('p1')).toMatchObject({ files: filesOf({ 'a.txt': 'one' }), events: ['new tab'] })
  })

  test('a deleted project is not brought back by a writer that lives on', async () => {
    const { store, writer, workspace } = await setUp()
    await (await open()).deleteProject('p1')
    write(workspace, 'a.txt', 'two')
    await writer.flush()
    expect(writer.problem()).toMatchObject({ kind: 'gone' })
    expect(await store.loadProject('p1')).toBe(null)
    expect(await blobCount()).toBe(0)
  })

  test('a reader follows what the writer has saved', async () => {
    const { writer, workspace } = await setUp()
    const seen: unknown[] = []
    const stop = (await open()).follow('p1', (saved) => seen.push(saved))
    write(workspace, 'a.txt', null)
    write(workspace, 'b.txt', 'new')
    await writer.appendEvents('t1', ['said'])
    await vi.waitFor(() =>
      expect(seen).toEqual([
        {
          changes: [
            { path: 'a.txt', after: null },
            { path: 'b.txt', after: 'new' },
          ],
          events: [{ threadId: 't1', event: 'said' }],
        },
      ]),
    )
    stop()
    await writer.dispose()
  })

  test('an older version gives way to a newer schema and refuses to write', async () => {
    const { writer, workspace } = await setUp()
    const { migrations } = await import('./schema')
    const newer = await openBrowserStore({
      name,
      migrations: [...migrations, (db) => void db.createObjectStore('extra' as never)],
    })
    stores.push(newer)
    expect((await newer.loadProject('p1'))?.files).toEqual(filesOf({ 'a.txt': 'one' }))
    write(workspace, 'a.txt', 'two')
    await writer.flush()
    expect(writer.problem()).toMatchObject({ kind: 'outdated' })
    expect((await newer.loadProject('p1'))?.files.get('a.txt')).toBe('one')
    await writer.dispose()
  })
})

test.each([7, 1984, 20261122])('any run of edits and checkpoints comes back byte for byte (seed %i)', async (seed) => {
  const content = fc.option(
    fc.oneof(
      fc.constantFrom<FileData>('', 'x', 'x\n'),
      fc.uint8Array({ maxLength: 4 }).map((bytes) => new Uint8Array(bytes)),
    ),
    { nil: null },
  )
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ path: fc.constantFrom('a', 'b', 'c/d', 'c/e'), after: content }) },
    { weight: 1, arbitrary: fc.constantFrom('checkpoint' as const, 'flush' as const, 'reopen' as const) },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      name = createId('db_')
      const setup = await setUp({ a: 'x' })
      const { workspace, store } = setup
      let writer = setup.writer
      let save = writer.saveEdit
      workspace.subscribe((edit) => save !== setup.writer.saveEdit && save(edit))
      const saved: FileMap[] = []
      for (const one of steps) {
        if (one === 'flush') await writer.flush()
        else if (one === 'reopen') {
          await writer.dispose()
          writer = await store.openWriter('p1')
          save = writer.saveEdit
        } else if (one === 'checkpoint')
          await checkpoint(writer, workspace.files, `c${saved.push(workspace.files) - 1}`)
        else write(workspace, one.path, one.after, { origin: 'agent', label: 'Step' })
      }
      await writer.dispose()
      expect((await store.loadProject('p1'))?.files).toEqual(workspace.files)
      for (const [index, files] of saved.entries()) {
        expect((await store.readCheckpoint('p1', `c${index}`))?.files).toEqual(files)
      }
    }),
    { seed, numRuns: 40 },
  )
})
