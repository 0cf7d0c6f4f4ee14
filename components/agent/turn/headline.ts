import { patchProgress } from '@/components/review/hunk/diff-rows'
import type { ToolPart } from '@/lib/agent'

/**
 * A call in two parts for its card: what it does and to what. `Read src/x.ts` reads `Read` and the exact place;
 * a command or patch of several lines is named by its first line or file.
 */
export function headlineOf({ state, title, detail }: Pick<ToolPart, 'state' | 'title' | 'detail'>): {
  verb: string
  target: string
} {
  if (state === 'waiting') return { verb: title, target: nameOf(detail) }
  const space = title.indexOf(' ')
  const verb = space === -1 ? title : title.slice(0, space)
  const rest = space === -1 ? '' : firstLineOf(title.slice(space + 1))
  if (rest === '') return { verb, target: nameOf(detail) }
  if (detail === '' || detail.includes('\n')) return { verb, target: rest }
  return { verb, target: detail.includes(rest) ? detail : `${rest} · ${detail}` }
}

function nameOf(detail: string): string {
  return detail.startsWith('*** Begin Patch') ? patchProgress(detail).path : firstLineOf(detail)
}

function firstLineOf(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
