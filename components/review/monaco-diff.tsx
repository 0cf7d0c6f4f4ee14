'use client'

import { conf, language } from 'monaco-editor/languages/definitions/typescript/typescript.js'
import { useEffect, useRef } from 'react'
import { editorOptions } from '@/components/editor/editor-options'
import { monaco } from '@/components/editor/monaco'
import { themeStore } from '@/components/theme'
import { useStore } from '@/components/use-store'
import { extname } from '@/lib/base'
import type { ReviewFile } from '@/lib/session/types'

/** Colours TypeScript and JavaScript without their language services: two sides of a file are no part of the project. */
const displayLanguage = 'typescript-display'
monaco.languages.register({ id: displayLanguage })
monaco.languages.setLanguageConfiguration(displayLanguage, conf)
monaco.languages.setMonarchTokensProvider(displayLanguage, language)

/** Two sides in Monaco where there is room, one where there is not; read-only. Import it dynamically. */
export default function MonacoDiff({ file }: { file: ReviewFile }) {
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
    const original = monaco.editor.createModel(before, languageOf(path))
    const modified = monaco.editor.createModel(after, languageOf(path))
    editor.setModel({ original, modified })
    return () => {
      editor.dispose()
      original.dispose()
      modified.dispose()
    }
  }, [path, before, after])

  return <div ref={box} className="h-full" />
}

function languageOf(path: string): string | undefined {
  const extension = extname(path)
  if (/^\.[cm]?[jt]sx?$/.test(extension)) return displayLanguage
  return monaco.languages.getLanguages().find((each) => each.extensions?.includes(extension))?.id
}
