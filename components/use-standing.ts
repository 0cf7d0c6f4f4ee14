import type { ProjectState, Session } from '@/lib/session/types'
import { useSession } from './session-context'
import { useStore } from './use-store'

/** Why nothing may be changed or run here; null when all may. */
export type Standing = 'restricted' | 'read-only' | null

/** What a control that is out of reach says. */
export const standingReasons: Record<Exclude<Standing, null>, string> = {
  restricted: 'This project came from elsewhere. Press “Trust and fork” first.',
  'read-only': 'This project is open in another tab. Press “Take over” first.',
}

const standingOf = ({ meta, readOnly }: ProjectState): Standing =>
  meta.restricted ? 'restricted' : readOnly ? 'read-only' : null

export function getStanding({ project }: Pick<Session, 'project'>): Standing {
  return standingOf(project.getState())
}

export function useStanding(): Standing {
  return useStore(useSession().project, standingOf)
}

/** The reason as text for `title`; undefined when there is none. */
export function useReason(): string | undefined {
  const standing = useStanding()
  return standing === null ? undefined : standingReasons[standing]
}
