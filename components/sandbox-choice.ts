import type { RuntimeState } from '@/lib/session/types'

type Kind = RuntimeState['kind']

const storageKey = 'vitrine-sandbox'
const parameter = 'sandbox'

/** Which sandbox this browser prefers: the address decides (`?sandbox=webcontainer`), then what was chosen before. */
export function chosenSandbox(): Kind {
  const named = new URLSearchParams(location.search).get(parameter)
  return toKind(named ?? read())
}

/** Remembers the choice in this browser and opens the page again, since a sandbox cannot be changed while it runs. */
export function chooseSandbox(kind: Kind) {
  const url = new URL(location.href)
  url.searchParams.delete(parameter)
  try {
    localStorage.setItem(storageKey, kind)
  } catch (error) {
    console.warn('The browser does not store the choice of a sandbox; the address carries it.', error)
    url.searchParams.set(parameter, kind)
  }
  location.assign(url)
}

function read(): string | null {
  try {
    return localStorage.getItem(storageKey)
  } catch {
    // Storage is refused: nothing was chosen.
    return null
  }
}

function toKind(name: string | null): Kind {
  return name === 'webcontainer' ? 'webcontainer' : 'embedded'
}
