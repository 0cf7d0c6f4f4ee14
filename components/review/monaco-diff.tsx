'use client'

import { useEffect, useRef } from 'react'
import { editorOptions } from '@/components/editor/editor-options'
import { monaco } from '@/components/editor/monaco'
import { themeStore } from '@/components/theme'
import { useStore } from '@/components/use-store'
import { displayLanguageOf } from './hunk/display-language'

export interface TwoSides {
  path: string
  before: string
  after: string
}

/** Two sides in Monaco where there is room, one where there is not; read-only. Import it dynamically. */
export default function MonacoDiff({ file }: { file: TwoSides }) {
  const box = useRef<HTMLDivElement>(null)
  const theme = useStore(themeStore, (state) => state.theme)
  const { path, before, after } = file

  useEffect(() => monaco.editor.setTheme(`vitrine-${theme}`), [theme])

  useEffect(() => {
    if (box.current === null) return
    const editor = monaco.editor.createDiffEditor(box.current, {
      ...editorOptions,
      readOnly: true,
      originalEditable: false,
      useInlineViewWhenSpaceIsLimited: true,
      renderSideBySideInlineBreakpoint: 720,
      hideUnchangedRegions: { enabled: true },
      renderOverviewRuler: false,
      originalAriaLabel: `${path} before`,
      modifiedAriaLabel: `${path} after`,
    })
    const original = monaco.editor.createModel(before, displayLanguageOf(path))
    const modified = monaco.editor.createModel(after, displayLanguageOf(path))
    editor.setModel({ original, modified })
    return () => {
      editor.dispose()
      original.dispose()
      modified.dispose()
    }
  }, [path, before, after])

  return <div ref={box} className="h-full" />
}
