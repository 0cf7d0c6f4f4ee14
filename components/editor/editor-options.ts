import type * as Monaco from 'monaco-editor'

export const fontFamily = '"JetBrains Mono Variable", ui-monospace, Menlo, monospace'

/** Shared by the editor and the diff view. */
export const editorOptions: Monaco.editor.IEditorOptions & Monaco.editor.IGlobalEditorOptions = {
  automaticLayout: true,
  bracketPairColorization: { enabled: true },
  cursorBlinking: 'smooth',
  fixedOverflowWidgets: true,
  fontFamily,
  fontLigatures: false,
  fontSize: 13,
  guides: { indentation: true, bracketPairs: false },
  hideCursorInOverviewRuler: true,
  lineHeight: 20,
  lineNumbersMinChars: 4,
  minimap: { enabled: false },
  overviewRulerBorder: false,
  padding: { top: 8, bottom: 24 },
  renderLineHighlight: 'all',
  renderLineHighlightOnlyWhenFocus: true,
  scrollBeyondLastLine: false,
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, useShadows: false },
  smoothScrolling: true,
  stickyScroll: { enabled: true, maxLineCount: 3 },
  tabSize: 2,
  unicodeHighlight: { ambiguousCharacters: true, invisibleCharacters: true },
}
