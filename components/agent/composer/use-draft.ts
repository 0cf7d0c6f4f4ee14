'use client'

import { useState } from 'react'
import { useSession } from '@/components/session-context'
import { useStore } from '@/components/use-store'
import type { TurnMode } from '@/lib/agent'
import { turnMode } from './turn-mode'

const textKey = 'agent.draft'

/** The unsent text and the mode, kept with the project. */
export function useDraft() {
  const session = useSession()
  const { memory } = session
  const [text, showText] = useState(() => memory.get<string>(textKey) ?? '')
  const mode = useStore(turnMode(session), (state) => state.mode)
  return {
    text,
    mode,
    setText(next: string) {
      showText(next)
      memory.set(textKey, next)
    },
    setMode: (next: TurnMode) => turnMode(session).setState({ mode: next }),
  }
}
