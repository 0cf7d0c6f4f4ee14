'use client'

import { type KeyboardEvent, useState } from 'react'

export interface OptionList<Option> {
  /** None once the user has closed the list with Escape. */
  shown: readonly Option[]
  active: number
  /** Whether the key was for the list: arrows move, Tab and Enter choose, Escape closes. */
  onKeyDown(event: KeyboardEvent, choose: (option: Option) => void): boolean
}

/** The list that what is typed opens, and the keys that move in it. `key` says what it is about: another one begins anew. */
export function useOptionList<Option>(key: string, options: readonly Option[]): OptionList<Option> {
  const [state, setState] = useState({ key, active: 0, isDismissed: false })
  const current = state.key === key ? state : { key, active: 0, isDismissed: false }
  const shown = current.isDismissed ? [] : options
  const active = Math.min(current.active, Math.max(0, shown.length - 1))
  return {
    shown,
    active,
    onKeyDown(event, choose) {
      const option = shown[active]
      if (option === undefined || event.nativeEvent.isComposing) return false
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
      if (step !== 0) setState({ ...current, active: (active + step + shown.length) % shown.length })
      else if (event.key === 'Tab' || (event.key === 'Enter' && !event.shiftKey)) choose(option)
      else if (event.key === 'Escape') setState({ ...current, isDismissed: true })
      else return false
      event.preventDefault()
      return true
    },
  }
}
