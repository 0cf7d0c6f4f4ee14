import type { ResponseItem } from '@/lib/models'
import { inputOf, isCall } from '../history'

/** Files that patches of this history name, whether they applied or not. */
export function touchedPaths(history: readonly ResponseItem[]): string[] {
  const paths = new Set<string>()
  for (const call of history) {
    if (!isCall(call) || call.name !== 'apply_patch') continue
    // In a function call's arguments the lines are escaped.
    for (const match of inputOf(call).matchAll(/\*\*\* (?:Add|Update) File: ((?:[^\\\n"]|\\(?!n))+)/g)) {
      if (match[1]) paths.add(match[1].trim())
    }
  }
  return [...paths]
}
