'use client'

import { memo } from 'react'
import type { TurnView } from '@/lib/agent'
import { PartItem } from './part-item'
import { TurnFooter } from './turn-footer'
import { UserMessage } from './user-message'
import { Working } from './working'

interface TurnItemProps {
  turn: TurnView
  isLast: boolean
  /** Not one of a replay. */
  isLive: boolean
}

/** One message of the user and all that came of it. */
export const TurnItem = memo(function TurnItem({ turn, isLast, isLive }: TurnItemProps) {
  return (
    <article aria-label={`Turn: ${turn.text.slice(0, 60)}`} className="flex flex-col gap-3">
      <UserMessage turn={turn} />
      {turn.parts.map((part) => (
        <PartItem key={`${part.type}-${part.key}`} part={part} />
      ))}
      {turn.status !== 'running' ? (
        <TurnFooter turn={turn} isLast={isLast && isLive} />
      ) : (
        isLive && <Working turn={turn} />
      )}
    </article>
  )
})
