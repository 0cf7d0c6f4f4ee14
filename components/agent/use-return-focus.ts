'use client'

import { type RefObject, useLayoutEffect } from 'react'

/** What goes away with the focus in it hands it to the message box, where the next thing will be said. */
export function useReturnFocus(box: RefObject<HTMLElement | null>) {
  useLayoutEffect(() => {
    const element = box.current
    return () => {
      if (element?.contains(document.activeElement)) {
        element.closest('.agent-pane')?.querySelector<HTMLElement>('[data-composer] textarea')?.focus()
      }
    }
  }, [box])
}
