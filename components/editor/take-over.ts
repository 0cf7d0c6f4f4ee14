import type * as Monaco from 'monaco-editor'

/**
 * Hands the cursor, the scroll position and the focus of the first text area to Monaco and calls `done`. Waits while a
 * character is being composed there.
 */
export function takeOver(
  editor: Monaco.editor.IStandaloneCodeEditor,
  area: HTMLTextAreaElement | null,
  done: () => void,
): void {
  if (area?.hasAttribute('data-composing')) {
    area.addEventListener('compositionend', () => setTimeout(() => takeOver(editor, area, done)), { once: true })
    return
  }
  const model = editor.getModel()
  if (area && model && area === document.activeElement) {
    const [start, end] = [model.getPositionAt(area.selectionStart), model.getPositionAt(area.selectionEnd)]
    editor.setSelection({
      startLineNumber: start.lineNumber,
      startColumn: start.column,
      endLineNumber: end.lineNumber,
      endColumn: end.column,
    })
    editor.setScrollTop(area.scrollTop)
    editor.focus()
  } else if (area?.scrollTop) editor.setScrollTop(area.scrollTop)
  done()
}
