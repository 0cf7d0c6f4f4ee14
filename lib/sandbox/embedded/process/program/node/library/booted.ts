import { bootLibrary, type Library } from './library'

let booted: Library | null = null

/** Boots Node's library, once a Worker; a Worker that waits for its program does it ahead. */
export function prepareLibrary(): Library {
  booted ??= bootLibrary()
  return booted
}

/** Makes room for the library of the Worker's next program. False when something of the present one may go on. */
export function leaveLibrary(): boolean {
  if (booted?.leave() === false) return false
  booted = null
  return true
}
