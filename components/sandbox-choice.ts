import type { RuntimeState } from '@/lib/session/types'

type Kind = RuntimeState['kind']

const storageKey = 'vitrine-sandbox'
const parameter = 'sandbox'

/**
 * Which sandbox this page opens with. The address decides, since the server lets WebContainer's hosts in for such an
 * address only; a remembered choice puts itself there first.
 */
export function chosenSandbox(): Kind {
  const named = new URLSearchParams(location.search).get(parameter)
  if (named === null && read() === 'webcontainer') location.replace(withSandbox('webcontainer'))
  return toKind(named ?? read())
}

/** Remembers the choice in this browser and opens the page again, since a sandbox cannot be changed while it runs. */
export function chooseSandbox(kind: Kind) {
  try {
    localStorage.setItem(storageKey, kind)
  } catch (error) {
    console.warn('The browser does not store the choice of a sandbox; the address carries it.', error)
  }
  location.assign(withSandbox(kind))
}

function withSandbox(kind: Kind): URL {
  const url = new URL(location.href)
  url.searchParams.set(parameter, kind)
  return url
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
