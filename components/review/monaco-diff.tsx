'use client'

import { DiffEditor } from '@monaco-editor/react'
// Only for its effect: Monaco and its Workers from our own bundle.
import '@/components/editor/monaco'
import { editorOptions } from '@/components/editor/editor-options'
import { themeStore } from '@/components/theme'
import { useStore } from '@/components/use-store'
import type { ReviewFile } from '@/lib/session/types'

/** Two sides in Monaco where there is room, one where there is not; read-only. Import it dynamically. */
export default function MonacoDiff({ file }: { file: ReviewFile }) {
  const theme = useStore(themeStore, (state) => state.theme)
  return (
    <DiffEditor
      original={file.before}
      modified={file.after}
      originalModelPath={`vitrine-review://before/${file.path}`}
      modifiedModelPath={`vitrine-review://after/${file.path}`}
      theme={`vitrine-${theme}`}
      loading={null}
      options={{
        ...editorOptions,
        readOnly: true,
        originalEditable: false,
        renderSideBySide: true,
        useInlineViewWhenSpaceIsLimited: true,
        renderSideBySideInlineBreakpoint: 720,
        hideUnchangedRegions: { enabled: true },
        renderOverviewRuler: false,
        originalAriaLabel: `${file.path} before`,
        modifiedAriaLabel: `${file.path} after`,
      }}
    />
  )
}
