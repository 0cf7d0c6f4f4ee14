'use client'

import { useState } from 'react'
import { useSession } from '@/components/session-context'
import type { TurnMode } from '@/lib/agent'

const textKey = 'agent.draft'
const modeKey = 'agent.mode'

/** The unsent text and the mode, kept with the project. */
export function useDraft() {
  const { memory } = useSession()
  const [text, showText] = useState(() => memory.get<string>(textKey) ?? '')
  const [mode, showMode] = useState<TurnMode>(() => memory.get<TurnMode>(modeKey) ?? 'edit')
  return {
    text,
    mode,
    setText(next: string) {
      showText(next)
      memory.set(textKey, next)
    },
    setMode(next: TurnMode) {
      showMode(next)
      memory.set(modeKey, next)
    },
  }
}
