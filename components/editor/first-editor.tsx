'use client'
import { type KeyboardEvent, type RefObject, useLayoutEffect, useRef } from 'react'
import { useSession } from '../session-context'
import { useStore } from '../use-store'
import { editorOptions } from './editor-options'
import { EditorSkeleton } from './editor-skeleton'
import { rememberedPlace } from './places'

const { lineHeight = 20, tabSize = 2 } = editorOptions
/** Beyond this a text area is slower than waiting for Monaco. */
const maxLength = 300_000

interface FirstEditorProps {
  path: string
  text: string
  area: RefObject<HTMLTextAreaElement | null>
  /** The texts that Monaco has to start from, so that it can undo what is typed here. */
  firstTexts: Map<string, string>
}

/** Takes typing until Monaco stands: a plain text area in Monaco's place and with its measures. */
export function FirstEditor({ path, text, area, firstTexts }: FirstEditorProps) {
  const session = useSession()
  const readOnly = useStore(session.project, (state) => state.readOnly || state.meta.restricted)
  const gutter = useRef<HTMLDivElement>(null)

  useLayoutEffect(() => {
    const element = area.current
    const place = rememberedPlace(session.memory, path)
    if (!element || !place) return
    const before = element.value.split('\n').slice(0, place.line - 1)
    const offset = before.reduce((sum, line) => sum + line.length + 1, 0) + (place.column ?? 1) - 1
    element.setSelectionRange(offset, offset)
    const middle = (place.line - 1) * lineHeight - element.clientHeight / 2
    if (place.line * lineHeight > element.clientHeight) element.scrollTop = middle
  }, [area, path, session])

  // A text area would turn every kind of line end into one.
  if (text.length > maxLength || text.includes('\r')) return <EditorSkeleton />

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== 'Tab' || event.shiftKey || readOnly) return
    event.preventDefault()
    // The one way to insert that keeps the text area's own undo.
    document.execCommand('insertText', false, ' '.repeat(tabSize))
  }
  const onInput = (after: string) => {
    if (!firstTexts.has(path)) firstTexts.set(path, text)
    session.workspace.apply([{ path, after }], { origin: 'user', label: `Edit ${path}` })
  }
  const lines = text.split('\n').length
  return (
    <div className="first-editor flex h-full overflow-hidden bg-bg">
      <div ref={gutter} aria-hidden className="first-editor-gutter">
        {Array.from({ length: lines }, (_, index) => index + 1).join('\n')}
      </div>
      <textarea
        ref={area}
        aria-label={`Editor, ${path}`}
        value={text}
        readOnly={readOnly}
        wrap="off"
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        onChange={(event) => onInput(event.target.value)}
        onKeyDown={onKeyDown}
        onCompositionStart={(event) => event.currentTarget.setAttribute('data-composing', '')}
        onCompositionEnd={(event) => event.currentTarget.removeAttribute('data-composing')}
        onScroll={(event) => gutter.current?.scrollTo(0, event.currentTarget.scrollTop)}
      />
    </div>
  )
}
