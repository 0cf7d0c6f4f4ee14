'use client'
import { useEffect } from 'react'
import { useSession } from '../session-context'
import { useStore } from '../use-store'
import { useWorkbench } from '../workbench-context'
import { describeElement } from './describe-element'

/** What was pointed at goes to the agent's composer, once. */
export function usePickedElement(): void {
  const { preview } = useSession()
  const workbench = useWorkbench()
  const picked = useStore(preview.state, (state) => state.picked)
  useEffect(() => {
    if (picked === null) return
    workbench.compose(describeElement(picked))
    preview.forgetPicked()
  }, [picked, preview, workbench])
}
