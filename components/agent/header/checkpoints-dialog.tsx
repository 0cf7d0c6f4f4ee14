'use client'

import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { useStore } from '@/components/use-store'
import { plural } from '@/lib/base'
import type { CheckpointInfo } from '@/lib/session/types'
import { Disclosure } from '../disclosure'
import { groupSteps, timeOfDay } from './checkpoint-entries'

/** Every step that can be gone back to; those that changed no file are folded away under the state that they left. */
export function CheckpointsDialog({
  onChoose,
  onClose,
}: {
  onChoose: (checkpoint: CheckpointInfo) => void
  onClose: () => void
}) {
  const list = useStore(useSession().checkpoints.state, (state) => state.list)
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Checkpoints"
      description="Each step of the agent is one, the newest first."
      className="w-[min(560px,calc(100vw-24px))]"
    >
      <ul aria-label="Checkpoints" className="m-0 flex list-none flex-col gap-0.5 p-0">
        {groupSteps(list).map(({ checkpoint, steps }) => (
          <li key={checkpoint.id} className="flex flex-col">
            <Row checkpoint={checkpoint} onChoose={onChoose} />
            {steps.length > 0 && (
              <Disclosure
                label={`${plural(steps.length, 'step')} after it changed no file`}
                className="pl-2 text-muted"
              >
                <ul aria-label={`Steps after “${checkpoint.label}”`} className="m-0 list-none p-0 pl-3">
                  {steps.map((step) => (
                    <li key={step.id}>
                      <Row checkpoint={step} onChoose={onChoose} />
                    </li>
                  ))}
                </ul>
              </Disclosure>
            )}
          </li>
        ))}
      </ul>
    </Dialog>
  )
}

function Row({ checkpoint, onChoose }: { checkpoint: CheckpointInfo; onChoose: (checkpoint: CheckpointInfo) => void }) {
  return (
    <div className="flex items-center gap-3 py-0.5">
      <span className="min-w-0 flex-1">
        <span className="block truncate">{checkpoint.label}</span>
        <span className="tabular block text-meta text-muted">{timeOfDay.format(checkpoint.at)}</span>
      </span>
      <Button
        size="sm"
        tone="quiet"
        aria-label={`Go back to “${checkpoint.label}”`}
        onClick={() => onChoose(checkpoint)}
      >
        Go back…
      </Button>
    </div>
  )
}
