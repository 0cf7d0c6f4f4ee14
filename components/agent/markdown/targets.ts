import { pathProblem } from '@/lib/base'

/** A place in the project that text points at: `src/x.ts:12:3`. Lines and columns are 1-based. */
export interface FileTarget {
  path: string
  line?: number
  column?: number
}

/** Reads `src/x.ts`, `./src/x.ts:12:3` or `src/x.ts#L12`; null when it cannot be a project file. */
export function toFileTarget(text: string): FileTarget | null {
  const match = /^(?:\.\/)?([^\s#?:]+)(?:(?::|#L)(\d+)(?::(\d+))?)?$/.exec(text)
  const path = match?.[1]
  if (path === undefined || pathProblem(path) !== null) return null
  return {
    path,
    ...(match?.[2] !== undefined && { line: Number(match[2]) }),
    ...(match?.[3] !== undefined && { column: Number(match[3]) }),
  }
}

/**
 * The absolute form of a link a person may follow, or null. Host names come out in ASCII, which shows look-alikes;
 * addresses with a user name are refused, because that part is made to look like a host.
 */
export function toExternalUrl(href: string): URL | null {
  if (!/^(?:https?:\/\/|mailto:)/i.test(href) || !URL.canParse(href)) return null
  const url = new URL(href)
  return url.username === '' && url.password === '' ? url : null
}
