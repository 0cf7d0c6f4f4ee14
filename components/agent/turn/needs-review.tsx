'use client'

import { ShieldAlert } from 'lucide-react'
import { showDiff } from '@/components/review/open-review'
import { useSession } from '@/components/session-context'
import { useStore } from '@/components/use-store'
import { useWorkbench } from '@/components/workbench-context'
import type { TurnView } from '@/lib/agent'

const maxNamed = 4

/** Files of the turn that the user has to keep by themselves before its changes count as reviewed. */
export function NeedsReview({ turn }: { turn: TurnView }) {
  const { review } = useSession()
  const workbench = useWorkbench()
  const files = useStore(review.state, (state) => state.files)
  const open = files.filter(({ path, needsYou }) => needsYou && turn.changes.some((change) => change.path === path))
  if (open.length === 0) return null
  const show = (path: string) => {
    showDiff(path)
    workbench.showNarrow('editor')
  }
  return (
    <p className="m-0 flex gap-2 rounded-lg border border-warn-line bg-warn-surface px-3 py-2 text-meta text-warn-text">
      <ShieldAlert size={14} aria-hidden className="mt-px shrink-0" />
      <span className="min-w-0 break-words">
        Needs your review:{' '}
        {open.slice(0, maxNamed).map(({ path }, index) => (
          <span key={path}>
            {index > 0 && ', '}
            <button
              type="button"
              onClick={() => show(path)}
              className="break-all rounded-sm text-left underline underline-offset-2"
            >
              {path}
            </button>
          </span>
        ))}
        {open.length > maxNamed && ` and ${open.length - maxNamed} more`}
      </span>
    </p>
  )
}
