/** Whether moving the focus takes nothing from the user: not while they type somewhere. */
export function mayTakeFocus(active: Element | null): boolean {
  if (active instanceof HTMLInputElement) return false
  if (active instanceof HTMLTextAreaElement) return active.dataset.yieldsFocus === 'true' && active.value === ''
  return !(active instanceof HTMLElement && active.isContentEditable)
}
