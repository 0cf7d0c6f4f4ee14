/**
 * Calls `listener` when the page is hidden, frozen or left. Any of these may be the last thing the page does, and no
 * promise is waited for. Returns its own undo; does nothing where there is no page.
 */
export function onPageLeave(listener: () => void): () => void {
  if (typeof document === 'undefined') return () => undefined
  const whenHidden = () => {
    if (document.visibilityState === 'hidden') listener()
  }
  document.addEventListener('visibilitychange', whenHidden)
  document.addEventListener('freeze', listener)
  window.addEventListener('pagehide', listener)
  return () => {
    document.removeEventListener('visibilitychange', whenHidden)
    document.removeEventListener('freeze', listener)
    window.removeEventListener('pagehide', listener)
  }
}
