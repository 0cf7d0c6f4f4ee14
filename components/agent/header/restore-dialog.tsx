'use client'

import { useState } from 'react'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { messageOf } from '@/lib/base'
import type { CheckpointInfo } from '@/lib/session/types'

type What = 'files' | 'thread' | 'both'

const choices: { what: What; label: string; hint: string }[] = [
  { what: 'files', label: 'Files', hint: 'Put the files back. The conversation stays as it is.' },
  { what: 'thread', label: 'Conversation', hint: 'Go on from there in the conversation. The files stay as they are.' },
  { what: 'both', label: 'Files and conversation', hint: 'Both as they were.' },
]

export function RestoreDialog({ checkpoint, onClose }: { checkpoint: CheckpointInfo; onClose: () => void }) {
  const { checkpoints } = useSession()
  const [busy, setBusy] = useState<What | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const restore = (what: What) => {
    setBusy(what)
    checkpoints.restore(checkpoint.id, what).then(onClose, (error: unknown) => {
      setBusy(null)
      setFailure(messageOf(error))
    })
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={checkpoint.label}
      description="What shall go back? A checkpoint of the present state is made first, so this can be undone."
    >
      <ul className="m-0 flex list-none flex-col gap-2 p-0">
        {choices.map(({ what, label, hint }) => (
          <li key={what} className="flex items-center gap-3">
            <span className="min-w-0 flex-1">
              {label}
              <span className="block text-meta text-muted">{hint}</span>
            </span>
            <Button
              busy={busy === what}
              disabled={busy !== null}
              aria-label={`Restore ${label}`}
              onClick={() => restore(what)}
            >
              Restore
            </Button>
          </li>
        ))}
      </ul>
      {failure !== null && (
        <p role="alert" className="mt-3 mb-0 text-bad-text">
          Nothing was restored: {failure}
        </p>
      )}
    </Dialog>
  )
}
