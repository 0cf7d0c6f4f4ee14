import type * as Monaco from 'monaco-editor'
import type { Workspace } from '@/lib/workspace'
import { isTypeScriptSource } from './language'

type Model = Monaco.editor.ITextModel
type Worker = Awaited<ReturnType<Awaited<ReturnType<typeof Monaco.typescript.getTypeScriptWorker>>>>
type Found = Awaited<ReturnType<Worker['getSemanticDiagnostics']>>[number]

/** After Monaco has checked the changed file itself, which it does half a second after the last key. */
const settleMs = 700

/**
 * Monaco checks a file when that file changes, and no other. So after a change, a new or a removed file the others are
 * checked here, one after the other, until the next change: what they say of an import may have become wrong.
 */
export function recheckOthers(monaco: typeof Monaco, workspace: Workspace): () => void {
  /** By the last edit: Monaco checks these itself, and knows of all edits before. */
  let changed: readonly string[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let round = 0

  async function check(): Promise<void> {
    const own = ++round
    for (const model of monaco.editor.getModels()) {
      const path = model.uri.path.slice(1)
      if (changed.includes(path) || !workspace.files.has(path) || !isChecked(monaco, model)) continue
      await checkModel(monaco, model, () => own === round).catch((error: unknown) => {
        // A file that went meanwhile is unknown to the worker.
        if (!model.isDisposed()) throw error
      })
      if (own !== round) return
    }
  }

  const unsubscribe = workspace.subscribe(({ changes }) => {
    const sources = changes.filter(({ path }) => isTypeScriptSource(path))
    if (sources.length === 0) return
    round += 1
    changed = sources.map(({ path }) => path)
    clearTimeout(timer)
    timer = setTimeout(() => void check(), settleMs)
  })
  return () => {
    round += 1
    clearTimeout(timer)
    unsubscribe()
  }
}

function isChecked(monaco: typeof Monaco, model: Model): boolean {
  const language = model.getLanguageId()
  if (language === 'typescript') return true
  // Without checkJs what other files export makes no difference to a script.
  return language === 'javascript' && !monaco.typescript.javascriptDefaults.getDiagnosticsOptions().noSemanticValidation
}

async function checkModel(monaco: typeof Monaco, model: Model, isWanted: () => boolean): Promise<void> {
  const { typescript } = monaco
  const language = model.getLanguageId()
  const open = language === 'typescript' ? typescript.getTypeScriptWorker : typescript.getJavaScriptWorker
  const uri = model.uri.toString()
  const version = model.getVersionId()
  const worker = await (await open())(model.uri)
  const found = await Promise.all([
    worker.getSyntacticDiagnostics(uri),
    worker.getSemanticDiagnostics(uri),
    worker.getSuggestionDiagnostics(uri),
  ])
  if (!isWanted() || model.isDisposed() || model.getVersionId() !== version) return
  const markers = found.flat().map((diagnostic) => toMarker(monaco, model, diagnostic))
  monaco.editor.setModelMarkers(model, language, markers)
}

function toMarker(monaco: typeof Monaco, model: Model, diagnostic: Found): Monaco.editor.IMarkerData {
  const { MarkerSeverity, MarkerTag } = monaco
  const severities = [MarkerSeverity.Warning, MarkerSeverity.Error, MarkerSeverity.Hint, MarkerSeverity.Info]
  const start = model.getPositionAt(diagnostic.start ?? 0)
  const end = model.getPositionAt((diagnostic.start ?? 0) + (diagnostic.length ?? 1))
  return {
    severity: severities[diagnostic.category] ?? MarkerSeverity.Info,
    startLineNumber: start.lineNumber,
    startColumn: start.column,
    endLineNumber: end.lineNumber,
    endColumn: end.column,
    message: textOf(diagnostic.messageText),
    code: String(diagnostic.code),
    tags: [
      ...(diagnostic.reportsUnnecessary ? [MarkerTag.Unnecessary] : []),
      ...(diagnostic.reportsDeprecated ? [MarkerTag.Deprecated] : []),
    ],
  }
}

/** A chain of reasons, one a line, each below what it explains. */
function textOf(message: Found['messageText'], depth = 0): string {
  if (typeof message === 'string') return message
  const reasons = message.next?.map((reason) => `\n${'  '.repeat(depth + 1)}${textOf(reason, depth + 1)}`) ?? []
  return message.messageText + reasons.join('')
}
