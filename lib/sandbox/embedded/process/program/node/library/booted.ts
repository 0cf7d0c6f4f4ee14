import { bootLibrary, type Library } from './library'

let booted: Library | null = null

/** Boots Node's library, once a Worker; a Worker that waits for its program does it ahead. */
export function prepareLibrary(): Library {
  booted ??= bootLibrary()
  return booted
}
