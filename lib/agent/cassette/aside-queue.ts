import type { ResponseItem } from '@/lib/models'
import type { RoomEvent } from '../types'
import type { Aside } from './cassette'

/** What happened beside the answers of a turn, in order, as it comes to pass. */
export interface AsideQueue {
  /** The next one, when it is its time. */
  due(): Aside | undefined
  /** The next one, which happened once the turn rested. */
  next(): Aside | undefined
  /** Whether nothing more happened before the turn ended. */
  isOver(): boolean
  /** What became of the history's size by now. */
  room(): RoomEvent[]
  /** What the model was told by now. */
  told(): ResponseItem[]
}

/** `progress`: what `Aside.after` counts. */
export function createAsideQueue(asides: readonly Aside[] | undefined, progress: () => number): AsideQueue {
  const queue = [...(asides ?? [])]
  const due = () => {
    const [aside] = queue
    return aside && aside.after <= progress() ? aside : undefined
  }
  const take = <Wanted>(read: (aside: Aside) => Wanted | null): Wanted[] => {
    const taken: Wanted[] = []
    for (let aside = due(); aside; aside = due()) {
      const wanted = read(aside)
      if (wanted === null) break
      taken.push(wanted)
      queue.shift()
    }
    return taken
  }
  return {
    due,
    next: () => queue.shift(),
    isOver: () => queue.length === 0 || queue[0]?.type === 'end',
    room: () => take(roomEvent),
    told: () => take((aside) => (aside.type === 'told' ? aside.items : null)).flat(),
  }
}

export function roomEvent({ after: _, ...aside }: Aside): RoomEvent | null {
  const isRoom = aside.type === 'compaction' || aside.type === 'compaction-failed' || aside.type === 'summary-use'
  return isRoom ? aside : null
}
