import { createStore, type StoreApi } from '@/lib/base'

/** The file whose changes the editor area shows; null while it shows files. */
export const openDiff: StoreApi<{ path: string | null }> = createStore(() => ({ path: null as string | null }))

export function showDiff(path: string): void {
  openDiff.setState({ path })
}

export function closeDiff(): void {
  openDiff.setState({ path: null })
}
