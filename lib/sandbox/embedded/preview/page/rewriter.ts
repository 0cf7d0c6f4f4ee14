import { tellShell } from './tell'

/** Points the code of scripts that come later at the page's own `location`; the shell, which has the parser, does it. */
export interface Rewriter {
  rewrite(code: string): Promise<string>
  answered(id: number, code: string): void
}

export function createRewriter(): Rewriter {
  const waiting = new Map<number, (code: string) => void>()
  let lastId = 0
  return {
    rewrite(code) {
      lastId += 1
      const id = lastId
      tellShell({ kind: 'rewrite', id, code })
      return new Promise((resolve) => waiting.set(id, resolve))
    },
    answered(id, code) {
      waiting.get(id)?.(code)
      waiting.delete(id)
    },
  }
}
