import type * as Monaco from 'monaco-editor'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createWorkspace } from '@/lib/workspace'
import { recheckOthers } from './recheck'

function setup(files: Record<string, string>) {
  const asked: string[] = []
  const markers = new Map<string, string[]>()
  const models = Object.keys(files).map((path) => ({
    uri: { path: `/${path}`, toString: () => path },
    getLanguageId: () => (path.endsWith('.ts') ? 'typescript' : 'javascript'),
    getVersionId: () => 1,
    getPositionAt: (offset: number) => ({ lineNumber: 1, column: offset + 1 }),
    isDisposed: () => false,
  }))
  const worker = {
    getSyntacticDiagnostics: async () => [],
    getSuggestionDiagnostics: async () => [],
    async getSemanticDiagnostics(path: string) {
      asked.push(path)
      return [{ category: 1, code: 2305, messageText: { messageText: 'no', next: [{ messageText: 'why' }] }, start: 3 }]
    },
  }
  const monaco = {
    MarkerSeverity: { Hint: 1, Info: 2, Warning: 4, Error: 8 },
    MarkerTag: { Unnecessary: 1, Deprecated: 2 },
    editor: {
      getModels: () => models,
      setModelMarkers: (model: (typeof models)[number], _owner: string, found: { message: string }[]) =>
        markers.set(
          model.uri.path,
          found.map(({ message }) => message),
        ),
    },
    typescript: {
      javascriptDefaults: { getDiagnosticsOptions: () => ({ noSemanticValidation: true }) },
      getTypeScriptWorker: async () => async () => worker,
    },
  } as unknown as typeof Monaco
  const workspace = createWorkspace(new Map(Object.entries(files)))
  const stop = recheckOthers(monaco, workspace)
  const write = (path: string, after: string | null) =>
    workspace.apply([{ path, after }], { origin: 'user', label: 'Edit' })
  return { asked, markers, stop, write }
}

describe('checking the other files', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('follows a change once it has settled, and leaves the changed file to Monaco', async () => {
    const { asked, markers, write } = setup({ 'a.ts': '1', 'b.ts': '2', 'c.js': '3', 'd.md': '4' })
    write('a.ts', '5')
    write('a.ts', '6')
    await vi.advanceTimersByTimeAsync(699)
    expect(asked).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(asked).toEqual(['b.ts'])
    expect(markers.get('/b.ts')).toEqual(['no\n  why'])
  })

  it('follows a file that goes, and nothing that TypeScript does not read', async () => {
    const { asked, write } = setup({ 'a.ts': '1', 'b.ts': '2', 'd.md': '4' })
    write('d.md', 'x')
    await vi.advanceTimersByTimeAsync(2000)
    expect(asked).toEqual([])
    write('a.ts', null)
    await vi.advanceTimersByTimeAsync(2000)
    expect(asked).toEqual(['b.ts'])
  })

  it('looks again at a file that changed just before another one', async () => {
    const { asked, write } = setup({ 'a.ts': '1', 'b.ts': '2' })
    write('a.ts', '5')
    await vi.advanceTimersByTimeAsync(600)
    write('b.ts', '6')
    await vi.advanceTimersByTimeAsync(2000)
    expect(asked).toEqual(['a.ts'])
  })

  it('ends with the editor', async () => {
    const { asked, stop, write } = setup({ 'a.ts': '1', 'b.ts': '2' })
    write('a.ts', '5')
    stop()
    await vi.advanceTimersByTimeAsync(2000)
    expect(asked).toEqual([])
  })
})
