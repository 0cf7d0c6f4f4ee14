import type * as Monaco from 'monaco-editor'
import type { MonacoSync } from '@/lib/editor'
import type { Diagnostic } from '@/lib/sandbox'
import type { Session } from '@/lib/session/types'

const settleMs = 120

/** Puts Monaco's markers into the session's problems, in place of what was known about the same files. */
export function reportProblems(monaco: typeof Monaco, sync: MonacoSync, session: Session): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const report = () => {
    const covered = new Set(monaco.editor.getModels().map((model) => sync.pathOf(model.uri)))
    const found = monaco.editor.getModelMarkers({}).flatMap((marker) => {
      const path = sync.pathOf(marker.resource)
      return path === null || marker.severity === monaco.MarkerSeverity.Hint ? [] : [toDiagnostic(monaco, marker, path)]
    })
    session.problems.setState(({ diagnostics }) => ({
      diagnostics: [
        ...diagnostics.filter(({ path }) => !covered.has(path) && session.workspace.files.has(path)),
        ...found,
      ],
    }))
  }
  const subscription = monaco.editor.onDidChangeMarkers(() => {
    clearTimeout(timer)
    timer = setTimeout(report, settleMs)
  })
  return () => {
    clearTimeout(timer)
    subscription.dispose()
  }
}

function toDiagnostic(monaco: typeof Monaco, marker: Monaco.editor.IMarker, path: string): Diagnostic {
  const number = typeof marker.code === 'object' ? marker.code.value : marker.code
  const source = marker.owner === 'typescript' || marker.owner === 'javascript' ? 'ts' : marker.owner
  return {
    path,
    line: marker.startLineNumber,
    column: marker.startColumn,
    endLine: marker.endLineNumber,
    endColumn: marker.endColumn,
    severity:
      marker.severity === monaco.MarkerSeverity.Error
        ? 'error'
        : marker.severity === monaco.MarkerSeverity.Warning
          ? 'warning'
          : 'info',
    message: marker.message,
    code: number ? `${source}(${number})` : source,
  }
}
