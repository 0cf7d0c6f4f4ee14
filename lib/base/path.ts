/** Project paths are relative, with `/`, without `.`/`..`, e.g. `src/main.ts`. */

export function dirname(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash === -1 ? '' : path.slice(0, slash)
}

export function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** With the dot, lower case: `.ts`; empty when there is none. */
export function extname(path: string): string {
  const name = basename(path)
  const dot = name.lastIndexOf('.')
  return dot <= 0 ? '' : name.slice(dot).toLowerCase()
}

/** Joins and resolves `.` and `..`; null when the result would leave the root. Leading slashes are dropped. */
export function joinPath(...parts: string[]): string | null {
  const out: string[] = []
  for (const segment of parts.join('/').split('/')) {
    if (segment === '' || segment === '.') continue
    if (segment !== '..') out.push(segment)
    else if (out.pop() === undefined) return null
  }
  return out.join('/')
}

const maxPathLength = 260
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const forbiddenCharacters = /[\u0000-\u001f\u007f\\\u200b-\u200f\u202a-\u202e\u2066-\u2069]/

/** Why a path cannot name a project file, or null when it can. Keeps hostile snapshots out (see THREAT_MODEL.md). */
export function pathProblem(path: string): string | null {
  if (path === '') return 'The path is empty.'
  if (path.length > maxPathLength) return `The path is longer than ${maxPathLength} characters.`
  if (path.startsWith('/') || /^[a-zA-Z]:/.test(path)) return 'The path must be relative to the project.'
  if (forbiddenCharacters.test(path)) return 'The path has characters that are not allowed.'
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.' || segment === '..') return 'The path has empty, “.” or “..” parts.'
    if (segment === '__proto__') return 'The path has a reserved part.'
  }
  return null
}
