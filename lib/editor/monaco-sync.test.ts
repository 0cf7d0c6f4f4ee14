import type * as Monaco from 'monaco-editor'
import { describe, expect, it, vi } from 'vitest'
import { createWorkspace } from '@/lib/workspace'
import { syncModels } from './monaco-sync'

/** As much of Monaco's text model as the sync uses, with its own idea of positions. */
function createModel(initial: string, uri: { path: string }) {
  let text = initial
  const listeners = new Set<() => void>()
  const changed = () => {
    for (const listener of listeners) listener()
  }
  const offsetAt = (line: number, column: number) =>
    text
      .split('\n')
      .slice(0, line - 1)
      .reduce((sum, each) => sum + each.length + 1, 0) +
    column -
    1
  return {
    uri,
    edits: [] as number[],
    disposed: false,
    getValue: () => text,
    getValueLength: () => text.length,
    setValue(next: string) {
      text = next
      changed()
    },
    getPositionAt(offset: number) {
      const before = text.slice(0, offset).split('\n')
      return { lineNumber: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
    },
    pushStackElement: () => {},
    pushEditOperations(_: null, edits: { range: Monaco.IRange; text: string }[]) {
      this.edits.push(edits.length)
      const offsets = edits.map(({ range, text: next }) => ({
        start: offsetAt(range.startLineNumber, range.startColumn),
        end: offsetAt(range.endLineNumber, range.endColumn),
        next,
      }))
      for (const { start, end, next } of offsets.reverse()) text = text.slice(0, start) + next + text.slice(end)
      changed()
    },
    onDidChangeContent: (listener: () => void) => listeners.add(listener),
    dispose() {
      this.disposed = true
    },
  }
}
type FakeModel = ReturnType<typeof createModel>

function setup(files: Record<string, string>, firstTexts?: ReadonlyMap<string, string>) {
  const models = new Map<string, FakeModel>()
  const defaults = () => ({
    setCompilerOptions: vi.fn(),
    setExtraLibs: vi.fn(),
    setEagerModelSync: vi.fn(),
    setDiagnosticsOptions: vi.fn(),
  })
  const typescriptDefaults = defaults()
  const monaco = {
    Uri: { from: ({ path }: { path: string }) => ({ scheme: 'file', path }) },
    editor: {
      getModel: () => null,
      createModel(text: string, _language: string, uri: { path: string }) {
        const model = createModel(text, uri)
        models.set(uri.path.slice(1), model)
        return model
      },
    },
    typescript: { typescriptDefaults, javascriptDefaults: defaults() },
  } as unknown as typeof Monaco
  const workspace = createWorkspace(new Map(Object.entries(files)))
  const ambient = { 'vitest.d.ts': 'ambient', 'assets.d.ts': 'assets' }
  const sync = syncModels(monaco, workspace, ambient, firstTexts)
  return { workspace, sync, models, typescriptDefaults }
}

const agent = { origin: 'agent', label: 'Patch' } as const

describe('syncModels', () => {
  it('has a model for every TypeScript file, and others when they are opened', () => {
    const { models, sync } = setup({ 'a.ts': '', 'b.js': '', 'c.md': '# c' })
    expect([...models.keys()]).toEqual(['a.ts', 'b.js'])
    expect(sync.model('c.md')?.getValue()).toBe('# c')
    expect(sync.model('missing.ts')).toBeNull()
  })

  it('turns typing into an edit of the user at once, and does not echo it', () => {
    const { workspace, models } = setup({ 'a.ts': 'one' })
    const edits: string[] = []
    workspace.subscribe((edit) => edits.push(`${edit.origin} ${edit.changes[0]?.after}`))
    models.get('a.ts')?.setValue('one!')
    expect(edits).toEqual(['user one!'])
    expect(models.get('a.ts')?.edits).toEqual([])
  })

  it('applies an edit of the agent as few changes of the model, without sending it back', () => {
    const { workspace, models } = setup({ 'a.ts': 'one\ntwo\nthree\nfour\n' })
    workspace.apply([{ path: 'a.ts', after: 'ONE\ntwo\nthree\nFOUR\n' }], agent)
    expect(models.get('a.ts')?.getValue()).toBe('ONE\ntwo\nthree\nFOUR\n')
    expect(models.get('a.ts')?.edits).toEqual([2])
    expect(workspace.version).toBe(1)
  })

  it('begins a model with the text from before the user typed elsewhere, and edits it to the present one', () => {
    const { workspace, models } = setup({ 'a.ts': 'one two' }, new Map([['a.ts', 'one']]))
    expect(models.get('a.ts')?.getValue()).toBe('one two')
    expect(models.get('a.ts')?.edits).toEqual([1])
    expect(workspace.version).toBe(0)
  })

  it('shows the editor what packages declare, in the place of ambient types, and none that is huge', () => {
    const { sync, typescriptDefaults } = setup({ 'a.ts': '' })
    sync.setPackages([
      ['node_modules/vitest/package.json', '{}'],
      ['node_modules/@s/a/index.d.ts', 'export const a: 1'],
      ['node_modules/huge/index.d.ts', ' '.repeat(4_000_001)],
    ])
    expect(typescriptDefaults.setExtraLibs).toHaveBeenLastCalledWith([
      { filePath: 'file:///node_modules/@ambient/assets.d.ts', content: 'assets' },
      { filePath: 'file:///node_modules/vitest/package.json', content: '{}' },
      { filePath: 'file:///node_modules/@s/a/index.d.ts', content: 'export const a: 1' },
    ])
    sync.setPackages([])
    expect(typescriptDefaults.setExtraLibs.mock.lastCall?.[0]).toHaveLength(2)
  })

  it('drops the model of a deleted file and makes one for a new file', () => {
    const { workspace, models, sync } = setup({ 'a.ts': 'x' })
    workspace.apply(
      [
        { path: 'a.ts', after: null },
        { path: 'src/b.ts', after: 'y' },
      ],
      agent,
    )
    expect(models.get('a.ts')?.disposed).toBe(true)
    expect(sync.model('a.ts')).toBeNull()
    expect(models.get('src/b.ts')?.getValue()).toBe('y')
  })

  it('reads the tsconfig again when it changes', () => {
    const { workspace, typescriptDefaults } = setup({ 'tsconfig.json': '{}' })
    workspace.apply([{ path: 'tsconfig.json', after: '{"compilerOptions":{"strict":false}}' }], agent)
    expect(typescriptDefaults.setCompilerOptions).toHaveBeenLastCalledWith(expect.objectContaining({ strict: false }))
  })

  it('lets go of everything', () => {
    const { workspace, models, sync } = setup({ 'a.ts': 'x' })
    sync.dispose()
    workspace.apply([{ path: 'a.ts', after: 'y' }], agent)
    expect(models.get('a.ts')).toMatchObject({ disposed: true, edits: [] })
  })
})
