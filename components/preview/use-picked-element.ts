'use client'
import { useEffect } from 'react'
import type { PickedElement } from '@/lib/sandbox/embedded/preview'
import { useSession } from '../session-context'
import { useStore } from '../use-store'
import { useWorkbench } from '../workbench-context'

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

function describeElement({ selector, html, source }: PickedElement): string {
  const where = source === null ? '' : ` from ${source.path}${source.line > 1 ? `:${source.line}` : ''}`
  return `About the element \`${selector}\`${where}:\n\n\`\`\`html\n${html}\n\`\`\`\n\n`
}
