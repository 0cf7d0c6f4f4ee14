'use client'
import { Editor } from '@monaco-editor/react'
import type * as Monaco from 'monaco-editor'
import { useEffect, useRef, useState } from 'react'
import './coverage.css'
import './findings.css'
import { type MonacoSync, recheckOthers, syncModels } from '@/lib/editor'
import type { EditorView } from '@/lib/session/focus'
import { ambientTypes } from '@/lib/workspace/ambient-types'
import { useSession } from '../session-context'
import { themeStore } from '../theme'
import { narrowQuery, useMediaQuery } from '../use-media-query'
import { useStore } from '../use-store'
import type { Arrival, EditorHandle, Place } from '../workbench/workbench'
import { useWorkbench } from '../workbench-context'
import { coverageDecorations } from './coverage-gutter'
import { editorOptions } from './editor-options'
import { findingMarks } from './finding-marks'
import { monaco } from './monaco'
import { createPlaces } from './places'
import { reportProblems } from './problems'

type CodeEditorInstance = Monaco.editor.IStandaloneCodeEditor

interface CodeEditorProps {
  /** A text file. */
  path: string
  /** See `FirstEditor`. */
  firstTexts: ReadonlyMap<string, string>
  /** Called when Monaco stands and can take over. */
  onStand(editor: CodeEditorInstance): void
}

/** Monaco on the workspace's files. Stays mounted when the file changes. */
export default function CodeEditor({ path, firstTexts, onStand }: CodeEditorProps) {
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

  const findings = useStore(session.reviewer.state, ({ result }) => result?.findings)

  useEffect(() => {
    const created = syncModels(monaco, session.workspace, ambientTypes, firstTexts)
    const stopReporting = reportProblems(monaco, created, session)
    const stopRechecking = recheckOthers(monaco, session.workspace)
    const showTypes = () => created.setPackages(session.runtime.declarations.getState().files)
    const stopTypes = session.runtime.declarations.subscribe(showTypes)
    showTypes()
    setSync(created)
    return () => {
      stopTypes()
      stopRechecking()
      stopReporting()
      created.dispose()
    }
  }, [session, firstTexts])

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
    if (arrival && !isWriting(arrival)) editor.focus()
    const moved = editor.onDidChangeCursorPosition(({ position }) =>
      places.current.moved(path, { line: position.lineNumber, column: position.column }),
    )
    return () => moved.dispose()
  }, [editor, path, workbench])

  useEffect(() => {
    if (!editor) return
    const selected = editor.onDidChangeCursorSelection(({ selection }) =>
      session.view.setState({ selection: linesOf(path, selection) }),
    )
    return () => selected.dispose()
  }, [editor, path, session])

  // After the effect that goes to the remembered place: where the user is now counts more.
  useEffect(() => {
    if (editor) onStand(editor)
  }, [editor, onStand])

  useEffect(() => {
    if (!editor || !fileCoverage) return
    const shown = editor.createDecorationsCollection(coverageDecorations(fileCoverage))
    return () => shown.clear()
  }, [editor, fileCoverage])

  useEffect(() => {
    if (!editor || findings === undefined || findings.every((finding) => finding.path !== path)) return
    const own = findings.filter((finding) => finding.path === path)
    // Monaco moves them along with the lines from here on.
    const shown = editor.createDecorationsCollection(findingMarks(own, editor.getModel()?.getValue() ?? ''))
    return () => shown.clear()
  }, [editor, findings, path])

  const model = sync?.model(path)
  if (!model) return null
  return (
    <Editor
      path={model.uri.toString()}
      keepCurrentModel
      theme={`vitrine-${theme}`}
      loading={null}
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

/** Whether the user has begun to write somewhere else since the file was asked for: a name in the tree, a message. */
function isWriting({ from }: Arrival): boolean {
  const { activeElement } = document
  return activeElement !== from && activeElement?.matches('input, textarea, [contenteditable]') === true
}

function reveal(editor: CodeEditorInstance, { line, column = 1 }: Place) {
  editor.setPosition({ lineNumber: line, column })
  editor.revealPositionInCenterIfOutsideViewport({ lineNumber: line, column })
}

/** Whole lines; one that is only reached with its first column is not selected. */
function linesOf(path: string, selection: Monaco.Selection): EditorView['selection'] {
  if (selection.isEmpty()) return null
  const { startLineNumber: startLine, endLineNumber, endColumn } = selection
  return { path, startLine, endLine: endColumn === 1 ? Math.max(startLine, endLineNumber - 1) : endLineNumber }
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
