'use client'
import { Editor } from '@monaco-editor/react'
import type * as Monaco from 'monaco-editor'
import { useEffect, useRef, useState } from 'react'
import './coverage.css'
import { type MonacoSync, syncModels } from '@/lib/editor'
import { ambientTypes } from '@/lib/workspace/ambient-types'
import { useSession } from '../session-context'
import { themeStore } from '../theme'
import { narrowQuery, useMediaQuery } from '../use-media-query'
import { useStore } from '../use-store'
import type { EditorHandle, Place } from '../workbench/workbench'
import { useWorkbench } from '../workbench-context'
import { coverageDecorations } from './coverage-gutter'
import { editorOptions } from './editor-options'
import { EditorSkeleton } from './editor-skeleton'
import { monaco } from './monaco'
import { createPlaces } from './places'
import { reportProblems } from './problems'

type CodeEditorInstance = Monaco.editor.IStandaloneCodeEditor

/** Monaco on the workspace's files. Stays mounted when the file changes; `path` must be a text file. */
export default function CodeEditor({ path }: { path: string }) {
  const session = useSession()
  const workbench = useWorkbench()
  const theme = useStore(themeStore, (state) => state.theme)
  const narrow = useMediaQuery(narrowQuery)
  const readOnly = useStore(session.project, (state) => state.readOnly || state.meta.restricted)
  const [sync, setSync] = useState<MonacoSync | null>(null)
  const [editor, setEditor] = useState<CodeEditorInstance | null>(null)
  const places = useRef(createPlaces(session.memory))
  // Lines have moved since a stale report: its bars would stand beside the wrong ones.
  const fileCoverage = useStore(session.tests, ({ coverage, report, stale }) =>
    coverage && !stale ? report?.coverage?.files.find(({ file }) => file === path) : undefined,
  )

  useEffect(() => {
    const created = syncModels(monaco, session.workspace, ambientTypes)
    const stopReporting = reportProblems(monaco, created, session)
    setSync(created)
    return () => {
      stopReporting()
      created.dispose()
    }
  }, [session])

  useEffect(() => {
    if (!editor) return
    workbench.editor.current = handleOf(editor)
    return () => {
      workbench.editor.current = null
    }
  }, [editor, workbench])

  useEffect(() => {
    if (!editor) return
    const arrival = workbench.takeArrival(path)
    const place = arrival?.place ?? places.current.firstVisit(path)
    if (place) reveal(editor, place)
    if (arrival) editor.focus()
    const moved = editor.onDidChangeCursorPosition(({ position }) =>
      places.current.moved(path, { line: position.lineNumber, column: position.column }),
    )
    return () => moved.dispose()
  }, [editor, path, workbench])

  useEffect(() => {
    if (!editor || !fileCoverage) return
    const shown = editor.createDecorationsCollection(coverageDecorations(fileCoverage))
    return () => shown.clear()
  }, [editor, fileCoverage])

  const model = sync?.model(path)
  if (!model) return <EditorSkeleton />
  return (
    <Editor
      path={model.uri.toString()}
      keepCurrentModel
      theme={`vitrine-${theme}`}
      loading={<EditorSkeleton />}
      onMount={(mounted) => setEditor(mounted)}
      options={{
        ...editorOptions,
        ariaLabel: `Editor, ${path}`,
        readOnly,
        wordWrap: narrow ? 'on' : 'off',
        lineNumbersMinChars: narrow ? 3 : 4,
        readOnlyMessage: { value: 'This project is read-only here. See the note at the top.' },
      }}
    />
  )
}

function reveal(editor: CodeEditorInstance, { line, column = 1 }: Place) {
  editor.setPosition({ lineNumber: line, column })
  editor.revealPositionInCenterIfOutsideViewport({ lineNumber: line, column })
}

function handleOf(editor: CodeEditorInstance): EditorHandle {
  return {
    focus: () => editor.focus(),
    reveal: (place) => reveal(editor, place),
    act(actionId) {
      editor.focus()
      editor.trigger('command', actionId, null)
    },
    place() {
      const position = editor.getPosition()
      return position && { line: position.lineNumber, column: position.column }
    },
  }
}
