'use client'

import { useCallback } from 'react'
import { useToast } from '@/components/ui/toast'
import { messageOf } from '@/lib/base'

/** Waits for what a press set off and says so when it did not work; resolves to whether it did. */
export function useAttempt(): (action: Promise<unknown>) => Promise<boolean> {
  const toast = useToast()
  return useCallback(
    (action) =>
      action.then(
        () => true,
        (error: unknown) => {
          toast({ text: messageOf(error), tone: 'bad' })
          return false
        },
      ),
    [toast],
  )
}
