import { toolServerHeaders } from '@/lib/base'
import { type PageStorage, tryStorage } from '../page-storage'

/** A server of tools that the user of this browser added. */
export interface DeclaredServer {
  address: string
  /** Empty when the address is name enough. */
  name: string
}

/** Where its token is: `memory` is gone with the page, `tab` with the tab. */
export type TokenPlace = 'none' | 'memory' | 'tab'

/**
 * The user's own servers of tools. The list is kept in this browser, for all projects and by none of them. A token is in
 * no state, event or project: only this closure and, when the user says so, the tab's session storage hold it, and only
 * `headers` gives it out, for requests to our own route.
 */
export interface DeclaredServers {
  list(): readonly DeclaredServer[]
  save(server: DeclaredServer): void
  remove(address: string): void
  tokenPlace(address: string): TokenPlace
  setToken(address: string, token: string, options: { keepInTab: boolean }): void
  forgetToken(address: string): void
  /** A token that is tried out goes in place of the one that is kept. */
  headers(address: string, tried?: string): Record<string, string>
}

const listKey = 'vitrine:tool-servers'
const tokensKey = 'vitrine:tool-server-tokens'

export function createDeclaredServers(storage: {
  browser: () => PageStorage
  tab: () => PageStorage
}): DeclaredServers {
  const { browser, tab } = storage
  /** Where the browser refuses to store the list; null where it has it. */
  let unkept: readonly DeclaredServer[] | null = null
  const inMemory = new Map<string, string>()

  // Read anew each time: another tab may have added or removed one.
  const list = () => unkept ?? readList(parse(tryStorage(() => browser().getItem(listKey))))
  const writeList = (next: readonly DeclaredServer[]) => {
    const isKept = tryStorage(() => {
      browser().setItem(listKey, JSON.stringify(next))
      return true
    })
    unkept = isKept ? null : next
  }
  const inTab = () => new Map(Object.entries(readTokens(parse(tryStorage(() => tab().getItem(tokensKey))))))
  const writeTokens = (tokens: ReadonlyMap<string, string>) =>
    tryStorage(() => {
      if (tokens.size === 0) tab().removeItem(tokensKey)
      else tab().setItem(tokensKey, JSON.stringify(Object.fromEntries(tokens)))
      return true
    }) ?? false

  function forgetToken(address: string): void {
    inMemory.delete(address)
    const kept = inTab()
    if (kept.delete(address)) writeTokens(kept)
  }

  return {
    list,
    save(server) {
      const known = list()
      const isKnown = known.some(({ address }) => address === server.address)
      writeList(isKnown ? known.map((each) => (each.address === server.address ? server : each)) : [...known, server])
    },
    remove(address) {
      writeList(list().filter((server) => server.address !== address))
      forgetToken(address)
    },
    tokenPlace: (address) => (inMemory.has(address) ? 'memory' : inTab().has(address) ? 'tab' : 'none'),
    setToken(address, token, { keepInTab }) {
      forgetToken(address)
      if (!(keepInTab && writeTokens(inTab().set(address, token)))) inMemory.set(address, token)
    },
    forgetToken,
    headers(address, tried) {
      const token = tried ?? inMemory.get(address) ?? inTab().get(address)
      return {
        [toolServerHeaders.address]: address,
        ...(token !== undefined && { [toolServerHeaders.token]: token }),
      }
    },
  }
}

function parse(text: string | null): unknown {
  if (text === null) return null
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** What storage gave, as far as it has the shape. */
function readList(value: unknown): DeclaredServer[] {
  if (!Array.isArray(value)) return []
  return value.filter((entry) => typeof entry?.address === 'string' && typeof entry.name === 'string')
}

function readTokens(value: unknown): Record<string, string> {
  const entries = Object.entries(typeof value === 'object' && value !== null ? value : {})
  return Object.fromEntries(entries.filter(([, token]) => typeof token === 'string'))
}

// One a page: going from one project to another must not lose a token.
let ofPage: DeclaredServers | undefined

export function declaredServersOfPage(): DeclaredServers {
  ofPage ??= createDeclaredServers({ browser: () => localStorage, tab: () => sessionStorage })
  return ofPage
}
