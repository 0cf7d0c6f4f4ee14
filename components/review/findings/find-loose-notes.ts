import type { Session } from '@/lib/session/types'
import { isThere } from '@/lib/workspace'

type ReviewState = ReturnType<Session['review']['state']['getState']>

/** Comments that wait and drafts with a text whose change is not under review any more. */
export function looseNotes({ files, outcomes, drafts }: ReviewState) {
  return {
    comments: outcomes.flatMap(({ id, path, outcome, comment }) => {
      const hunkId = id.slice(path.length + 1)
      const isLoose = outcome === 'commented' && !isThere({ path, hunkId }, files)
      return isLoose && comment !== undefined ? [{ id, path, hunkId, comment }] : []
    }),
    drafts: drafts.flatMap(({ text, ...place }) =>
      text === null || text.trim() === '' || isThere(place, files) ? [] : [{ ...place, text }],
    ),
  }
}
