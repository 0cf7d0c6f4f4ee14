import { maskSecrets, stripHidden } from '@/lib/safety'

/** An output as it leaves the tab: keys that a file or a program showed are masked, characters that nobody can see are dropped. */
export function toTellable(output: string): string {
  return maskSecrets(stripHidden(output))
}
