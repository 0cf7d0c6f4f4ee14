'use client'

import { type KeyboardEvent, type RefObject, useMemo, useRef, useState } from 'react'
import { useSession } from '@/components/session-context'
import { useStore } from '@/components/use-store'
import { type FileSymbol, hasSymbols, symbolsIn } from '@/lib/agent/context/symbols'
import type { FileData, FileMap } from '@/lib/workspace'
import { useOptionList } from '../composer/use-option-list'
import { completeMention, findMentions, type MentionOption, mentionAt, mentionName } from './find-mentions'

export interface MentionsOptions {
  box: RefObject<HTMLTextAreaElement | null>
  text: string
  setText(text: string): void
  onChoose(option: MentionOption): void
}

const noFiles: FileMap = new Map()

/** The list that an `@` in the message opens, and the keys that move in it. */
export function useMentions({ box, text, setText, onChoose }: MentionsOptions) {
  const session = useSession()
  const [caret, setCaret] = useState(0)
  const mention = mentionAt(text, caret)
  // Else each key in the editor would draw the message box anew.
  const files = useStore(session.files, (state) => (mention === null ? noFiles : state.files))
  const report = useStore(session.tests, (state) => state.report)
  const problems = useStore(session.problems, (state) => state.diagnostics)
  const checkpoints = useStore(session.checkpoints.state, (state) => state.list)
  const symbols = useSymbols()

  const key = mention === null ? '' : `${mention.start} ${mention.query}`
  const options = useMemo(
    () =>
      mention === null
        ? []
        : findMentions(mention.query, {
            paths: files.keys(),
            symbols: () => symbols(files),
            report,
            problems,
            checkpoints,
          }),
    // The key says all of the mention.
    [key, files, report, problems, checkpoints, symbols],
  )
  const list = useOptionList(key, options)

  const choose = (option: MentionOption) => {
    if (mention === null) return
    const completed = completeMention(text, mention, mentionName(option))
    setText(completed.text)
    setCaret(completed.caret)
    onChoose(option)
    requestAnimationFrame(() => box.current?.setSelectionRange(completed.caret, completed.caret))
  }
  return {
    options: list.shown,
    active: list.active,
    choose,
    onKeyDown: (event: KeyboardEvent) => list.onKeyDown(event, choose),
    followCaret: () => setCaret(box.current?.selectionStart ?? 0),
  }
}

/** Symbols of all files; a file is read again only when its text is another. */
function useSymbols() {
  const known = useRef(new Map<string, { data: FileData; symbols: readonly FileSymbol[] }>())
  return useMemo(
    () => (files: FileMap) =>
      [...files].flatMap(([path, data]) => {
        if (typeof data !== 'string' || !hasSymbols(path)) return []
        const before = known.current.get(path)
        const entry = before?.data === data ? before : { data, symbols: symbolsIn(path, data) }
        known.current.set(path, entry)
        return entry.symbols.map((symbol) => ({ path, symbol }))
      }),
    [],
  )
}
