/** Whether this is a Mac, where `Mod` means Cmd. */
export const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform)

/** For people: `Mod+Shift+P` → `Ctrl+Shift+P`, on a Mac `⌘+⇧+P`. */
export function keysLabel(keys: string, mac = isMac): string {
  if (!mac) return keys.replace('Mod', 'Ctrl')
  return keys.replace('Mod', '⌘').replace('Shift', '⇧').replace('Alt', '⌥').replace('Ctrl', '⌃')
}

type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

/** Whether a key event is this combination. Letters are matched by what the layout types, with Alt by the physical key. */
export function matchesKeys(event: KeyPress, keys: string, mac = isMac): boolean {
  const parts = keys.split(/\+(?=.)/)
  const key = (parts.pop() ?? '').toLowerCase()
  const wantsMod = parts.includes('Mod')
  const wantsCtrl = parts.includes('Ctrl') || (wantsMod && !mac)
  if (event.ctrlKey !== wantsCtrl || event.metaKey !== (wantsMod && mac)) return false
  if (event.shiftKey !== parts.includes('Shift') || event.altKey !== parts.includes('Alt')) return false
  if (event.key.toLowerCase() === key) return true
  if (key === '`') return event.code === 'Backquote'
  // Alt types other characters on a Mac, and some layouts have no Latin letters.
  return key.length === 1 && event.code === `Key${key.toUpperCase()}` && (event.altKey || event.key.charCodeAt(0) > 127)
}
