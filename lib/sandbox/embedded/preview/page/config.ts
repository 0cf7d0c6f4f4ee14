/** A module of the page, under the address it would have on a real server. */
export interface PageModule {
  url: string
  code: string
}

/** What the shell hands to a document as it starts. */
export interface PageConfig {
  url: string
  /** Of the history entry that is shown. */
  state: unknown
  historyLength: number
  modules: PageModule[]
  /** Classic scripts that wait for the document (`defer`), by number. */
  deferred: string[]
  /** `local:<name>`, `session:<name>` and `cookie:<name>` → value. */
  storage: [name: string, value: string][]
}

/** From the page to the shell around it; what is for the IDE goes on unread. */
export type FromPage =
  | { vitrineShell: { kind: 'load'; id: number; url: string } }
  | { vitrineShell: { kind: 'rewrite'; id: number; code: string } }
  | {
      vitrineShell: {
        kind: 'navigate'
        url: string
        replace?: boolean
        method?: string
        type?: string
        body?: Uint8Array | null
      }
    }
  | { vitrineShell: { kind: 'entry'; url: string; state: unknown; replace: boolean } }
  | { vitrineShell: { kind: 'go'; delta: number } }
  | { vitrineShell: { kind: 'storage'; entries: [name: string, value: string][] } }
  | { vitrineShell: { kind: 'title'; title: string } }

/** From the shell to the page. */
export type ToPage =
  /** Comes with a MessagePort to the server. */
  | { vitrinePage: { kind: 'server' } }
  | { vitrinePage: { kind: 'loaded'; id: number; modules: PageModule[]; problem: string | null } }
  | { vitrinePage: { kind: 'rewritten'; id: number; code: string } }
  | { vitrinePage: { kind: 'traverse'; url: string; state: unknown } }
  | { vitrinePage: { kind: 'pick'; on: boolean } }
  | { vitrinePage: { kind: 'text' } }
  /** Comes with what draws it. */
  | { vitrinePage: { kind: 'picture'; code: string } }
