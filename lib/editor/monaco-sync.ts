import type * as Monaco from 'monaco-editor'
import type { Edit, FileMap, Workspace } from '@/lib/workspace'
import { replacedBy } from '@/lib/workspace/ambient-types'
import { compilerOptionsOf } from './compiler-options'
import { isTypeScriptSource, languageOf } from './language'
import { minimalEdits } from './minimal-edits'

type Model = Monaco.editor.ITextModel

export interface MonacoSync {
  /** The model of a text file, made when needed; null for binary and missing files. */
  model(path: string): Model | null
  /** The project path of one of our models; null for any other. */
  pathOf(uri: Monaco.Uri): string | null
  /** Declaration files and package.json of installed packages, by path. */
  setPackages(files: readonly [path: string, text: string][]): void
  dispose(): void
}

/**
 * Makes Monaco's models a view of the workspace, in both directions: typing becomes an Edit at once, and any other
 * edit is applied to the model as its own undo step that keeps the cursor. Every TypeScript and JavaScript file has
 * a model, so that errors across files are found. `ambientTypes` are declarations by file name; `firstTexts` what some
 * files were before the user typed elsewhere: their models begin there, so that undo leads back to it.
 */
export function syncModels(
  monaco: typeof Monaco,
  workspace: Workspace,
  ambientTypes: Readonly<Record<string, string>> = {},
  firstTexts: ReadonlyMap<string, string> = new Map(),
): MonacoSync {
  const models = new Map<string, Model>()
  /** Set while an edit of the workspace goes into a model, so that it is not sent back. */
  let receiving = false

  function model(path: string): Model | null {
    const text = workspace.files.get(path)
    if (typeof text !== 'string') return null
    const known = models.get(path)
    if (known) return known
    const uri = monaco.Uri.from({ scheme: 'file', path: `/${path}` })
    const firstText = firstTexts.get(path) ?? text
    const created = monaco.editor.getModel(uri) ?? monaco.editor.createModel(firstText, languageOf(path), uri)
    replaceText(created, text)
    created.onDidChangeContent(() => {
      if (receiving) return
      workspace.apply([{ path, after: textOf(created) }], { origin: 'user', label: `Edit ${path}` })
    })
    models.set(path, created)
    return created
  }

  function receive(edit: Edit) {
    receiving = true
    try {
      for (const { path, after } of edit.changes) {
        const known = models.get(path)
        if (known && typeof after === 'string') replaceText(known, after)
        else if (known) {
          models.delete(path)
          known.dispose()
        } else if (typeof after === 'string' && isTypeScriptSource(path)) model(path)
      }
    } finally {
      receiving = false
    }
    if (edit.changes.some(({ path }) => path === 'tsconfig.json')) configureAll()
  }

  let packages: readonly [path: string, text: string][] = []
  const configureAll = () => configure(monaco, workspace.files, libsOf(ambientTypes, packages))
  configureAll()
  for (const path of workspace.files.keys()) if (isTypeScriptSource(path)) model(path)
  const unsubscribe = workspace.subscribe(receive)
  return {
    model,
    pathOf: (uri) => {
      const path = uri.path.slice(1)
      return uri.scheme === 'file' && models.has(path) ? path : null
    },
    setPackages(files) {
      if (files.length === 0 && packages.length === 0) return
      packages = files
      configureAll()
    },
    dispose() {
      unsubscribe()
      for (const known of models.values()) known.dispose()
      models.clear()
    },
  }
}

function textOf(model: Model): string {
  return model.getValue(undefined, true)
}

function replaceText(model: Model, after: string) {
  const before = textOf(model)
  if (before === after) return
  // A model holds one kind of line end; with others in the new text, offsets would not match.
  if (/\r/.test(before) !== /\r/.test(after)) {
    model.setValue(after)
    return
  }
  const bom = before.length - model.getValueLength()
  model.pushStackElement()
  model.pushEditOperations(
    null,
    minimalEdits(before, after).map(({ start, end, text }) => {
      const from = model.getPositionAt(start - bom)
      const to = model.getPositionAt(end - bom)
      return {
        range: {
          startLineNumber: from.lineNumber,
          startColumn: from.column,
          endLineNumber: to.lineNumber,
          endColumn: to.column,
        },
        text,
      }
    }),
    () => null,
  )
  model.pushStackElement()
}

interface Lib {
  filePath: string
  content: string
}

/** More declarations than that of one package, or of all together, would cost the editor more than they give. */
const maxPackageChars = 4_000_000
const maxChars = 20_000_000

/** Ambient declarations that no package brings itself, and what packages bring. */
function libsOf(ambientTypes: Readonly<Record<string, string>>, packages: readonly [string, string][]): Lib[] {
  const paths = new Set(packages.map(([path]) => path))
  const ambient = Object.entries(ambientTypes).filter(([name]) => !replacedBy[name]?.some((path) => paths.has(path)))
  const sizes = new Map<string, number>()
  const packageOf = (path: string) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? ''
  for (const [path, text] of packages) sizes.set(packageOf(path), (sizes.get(packageOf(path)) ?? 0) + text.length)
  let left = maxChars
  const shown = packages.filter(([path, text]) => {
    if ((sizes.get(packageOf(path)) ?? 0) > maxPackageChars || text.length > left) return false
    left -= text.length
    return true
  })
  return [
    ...ambient.map(([name, content]) => ({ filePath: `file:///node_modules/@ambient/${name}`, content })),
    ...shown.map(([path, content]) => ({ filePath: `file:///${path}`, content })),
  ]
}

function configure(monaco: typeof Monaco, files: FileMap, libs: Lib[]) {
  const { typescriptDefaults, javascriptDefaults } = monaco.typescript
  const options = compilerOptionsOf(files)
  for (const defaults of [typescriptDefaults, javascriptDefaults]) {
    defaults.setCompilerOptions(options)
    defaults.setExtraLibs(libs)
    defaults.setEagerModelSync(true)
  }
  javascriptDefaults.setDiagnosticsOptions({ noSemanticValidation: options.checkJs !== true })
}
