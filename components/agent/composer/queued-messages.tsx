'use client'

import { Pencil, X } from 'lucide-react'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import { IconButton } from '@/components/ui/icon-button'
import { useStore } from '@/components/use-store'
import type { QueuedMessage } from '@/lib/agent'
import { useAttempt } from '../use-attempt'

/** What is on its way: steering goes to the model after the current step, queued messages when the turn is done. */
export function QueuedMessages({ onEdit }: { onEdit: (message: QueuedMessage) => void }) {
  const { agent } = useSession()
  const attempt = useAttempt()
  const steering = useStore(agent.state, (state) => state.steering)
  const queue = useStore(agent.state, (state) => state.queue)
  const running = useStore(agent.state, (state) => state.running)
  if (steering.length + queue.length === 0) return null
  return (
    <ul
      aria-label="Waiting to be delivered"
      className="m-0 flex list-none flex-col gap-0.5 border-line border-b px-3 py-1.5 text-meta text-muted"
    >
      {steering.map(({ id, text }) => (
        <li key={id} className="truncate py-0.5">
          <span className="text-you-text">Next:</span> {text}
        </li>
      ))}
      {queue.map((message, index) => (
        <li key={message.id} className="flex items-center gap-1">
          <span className="min-w-0 flex-1 truncate">
            <span className="text-you-text">{running ? 'When done:' : 'Waiting:'}</span> {message.text}
          </span>
          {(message.candidates ?? 1) > 1 && <span className="tabular shrink-0">{message.candidates}×</span>}
          {!running && index === 0 && (
            <Button size="sm" onClick={() => void attempt(agent.sendQueued())}>
              Send now
            </Button>
          )}
          <IconButton
            size="sm"
            label="Edit this message"
            onClick={() => {
              agent.unqueue(message.id)
              onEdit(message)
            }}
          >
            <Pencil size={12} aria-hidden />
          </IconButton>
          <IconButton size="sm" label="Do not send this message" onClick={() => agent.unqueue(message.id)}>
            <X size={13} aria-hidden />
          </IconButton>
        </li>
      ))}
    </ul>
  )
}
