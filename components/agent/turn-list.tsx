'use client'

import { type RefObject, useState } from 'react'
import { flushSync } from 'react-dom'
import { Button } from '@/components/ui/button'
import type { TurnView } from '@/lib/agent'
import { plural } from '@/lib/base'
import { recentTurns, withEarlier, withTurns } from './recent-turns'
import { TurnItem } from './turn/turn-item'

interface TurnListProps {
  turns: readonly TurnView[]
  /** Not those of a replay. */
  isLive: boolean
  /** The reader is at the newest line. */
  atEnd: boolean
  scroller: RefObject<HTMLDivElement | null>
}

/** The turns of a conversation. Of a long one only the newest are in the page until the others are asked for. */
export function TurnList({ turns, isLive, atEnd, scroller }: TurnListProps) {
  const ids = turns.map(({ id }) => id)
  const [kept, setKept] = useState(() => recentTurns(ids))
  const shown = withTurns(kept, ids, atEnd)
  if (shown !== kept) setKept(shown)
  const lastTurn = turns.at(-1)

  const showEarlier = () => {
    const box = scroller.current
    const below = box === null ? 0 : box.scrollHeight - box.scrollTop
    flushSync(() => setKept(withEarlier))
    if (box === null) return
    // What was being read stays where it is, and the keys where the conversation is.
    box.scrollTop = box.scrollHeight - below
    box.focus({ preventScroll: true })
  }
  return (
    <>
      {shown.first > 0 && (
        <Button tone="quiet" size="sm" className="self-center" onClick={showEarlier}>
          {`Show earlier turns (${plural(shown.first, 'turn')} above)`}
        </Button>
      )}
      {turns.slice(shown.first).map((turn) => (
        <TurnItem key={turn.id} turn={turn} isLast={turn === lastTurn} isLive={isLive} />
      ))}
    </>
  )
}
