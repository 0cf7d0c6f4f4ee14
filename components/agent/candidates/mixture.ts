import type { CandidatePick, CandidatesPart, CandidateView } from '@/lib/agent'

/** What the user is putting together: one attempt, and single files from others. Each path comes from one place. */
export type Mixture = CandidatePick

export function takeAll(index: number): Mixture {
  return { index, files: [] }
}

/** Takes the file from that attempt, or from the taken one again. */
export function toggleFile(mixture: Mixture, path: string, index: number): Mixture {
  const others = mixture.files.filter((file) => file.path !== path)
  const isTaken = mixture.files.some((file) => file.path === path && file.index === index)
  return { ...mixture, files: isTaken || index === mixture.index ? others : [...others, { path, index }] }
}

/** Which attempt gives the file as things stand; null when it stays as it is in the project. */
export function sourceOf({ index, files }: Mixture, path: string, candidates: readonly CandidateView[]): number | null {
  const other = files.find((file) => file.path === path)
  if (other) return other.index
  const own = candidates.find((candidate) => candidate.index === index)?.result?.changes
  return own?.some((change) => change.path === path) ? index : null
}

/** The attempt to begin with: what was taken, else the one ahead. */
export function startOf({ pick, ranking }: Pick<CandidatesPart, 'pick' | 'ranking'>): Mixture {
  return pick ? { index: pick.index, files: pick.files } : takeAll(ranking[0] ?? 0)
}
