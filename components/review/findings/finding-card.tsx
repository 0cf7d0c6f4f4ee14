'use client'

import { Sparkle, X } from 'lucide-react'
import { memo } from 'react'
import { ProseText } from '@/components/agent/text/prose-text'
import { useAttempt } from '@/components/agent/use-attempt'
import { useSession } from '@/components/session-context'
import { Badge, type Tone } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { useReason } from '@/components/use-standing'
import { useStore } from '@/components/use-store'
import { useWorkbench } from '@/components/workbench-context'
import { placeOf } from '@/lib/agent/reviewer/finding'
import type { ShownFinding } from '@/lib/session/types'
import { closeReview } from '../open-review'

const tones: Record<ShownFinding['priority'], Tone> = { 0: 'bad', 1: 'bad', 2: 'warn', 3: 'agent' }
const meanings: Record<ShownFinding['priority'], string> = {
  0: 'Data loss, a security hole, or nothing works',
  1: 'Wrong in a common case',
  2: 'Wrong in a rare case, or a trap',
  3: 'Small',
}

/** What the reviewer says is wrong, where it is now, and what can be done about it. */
export const FindingCard = memo(function FindingCard({ finding }: { finding: ShownFinding }) {
  const { reviewer, files } = useSession()
  const workbench = useWorkbench()
  const attempt = useAttempt()
  const reason = useReason()
  const { id, priority, title, body, path, confidence, isSent } = finding
  const text = useStore(files, (state) => state.files.get(path))
  const place = typeof text === 'string' ? placeOf(finding, text) : null
  const fix = () => {
    workbench.setShown('agent', true)
    workbench.showNarrow('agent')
    void attempt(reviewer.fix(id))
  }
  return (
    <li className="rounded-lg border border-line bg-raised px-3.5 py-3">
      <div className="flex items-start gap-2.5">
        <Badge tone={tones[priority]} title={meanings[priority]} className="mt-0.5">
          P{priority}
        </Badge>
        <div className="min-w-0 flex-1">
          <h3 className="m-0 break-words font-semibold text-ui">
            <ProseText text={title} />
          </h3>
          <p className="tabular m-0 mt-0.5 flex flex-wrap items-center gap-x-2 text-meta text-muted">
            {place === null ? (
              <span>{path}, in lines that are no longer there</span>
            ) : (
              <button
                type="button"
                title="Show it in the editor"
                onClick={() => {
                  workbench.openFile(path, { keep: true, place: { line: place.startLine } })
                  closeReview()
                }}
                className="break-all rounded-sm text-left text-you-text underline-offset-2 hover:underline touch:min-h-11"
              >
                {path}:{place.startLine}
                {place.endLine > place.startLine && `–${place.endLine}`}
              </button>
            )}
            <span title="How sure the reviewer is">{Math.round(confidence * 100)} % sure</span>
          </p>
        </div>
      </div>
      {body !== '' && (
        <p className="m-0 mt-2 whitespace-pre-wrap break-words text-ui">
          <ProseText text={body} />
        </p>
      )}
      <div className="mt-2.5 flex items-center gap-1.5">
        <Button size="sm" disabled={reason !== undefined || isSent} title={reason} onClick={fix}>
          <Sparkle size={12} aria-hidden />
          {isSent ? 'Sent to the agent' : 'Fix with agent'}
        </Button>
        <Button
          size="sm"
          tone="quiet"
          aria-label={`Dismiss “${title}”`}
          disabled={reason !== undefined}
          onClick={() => reviewer.dismiss(id)}
        >
          <X size={12} aria-hidden />
          Dismiss
        </Button>
      </div>
    </li>
  )
})
