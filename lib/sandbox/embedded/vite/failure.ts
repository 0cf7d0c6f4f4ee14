import { messageOf } from '@/lib/base'

/** What went wrong with a file, and where in it. */
export interface BuildFailure {
  message: string
  /** As in a stack trace, with the place in the user's file; the preview's overlay reads it from there. */
  stack: string
  /** For the terminal. */
  text: string
}

interface Located {
  path: string
  line: number | null
  column: number
}

/** Compilers say where in ways of their own. */
export function describeFailure(error: unknown, path: string, root: string): BuildFailure {
  const first = firstOfMany(error)
  const place = { path, ...placeOf(first) }
  const message = cleanMessage(messageOf(first), path)
  const shown = shownPath(place.path, root)
  const at = place.line === null ? shown : `${shown}:${place.line}:${place.column}`
  return {
    message: `${shown}: ${message}`,
    stack: `${message}\n    at http://localhost/${shown}:${place.line ?? 1}:${place.column}`,
    text: `${message}\n  at ${at}`,
  }
}

type Fields = Partial<Record<string, unknown>>
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? value : {})

/** esbuild collects. */
function firstOfMany(error: unknown): unknown {
  const { errors } = fieldsOf(error)
  if (!Array.isArray(errors) || errors.length === 0) return error
  const { text, location } = fieldsOf(errors[0])
  const { file, line, column } = fieldsOf(location)
  const path = typeof file === 'string' ? file.replace(/^[\w-]+:/, '') : undefined
  return Object.assign(new Error(String(text)), {
    line,
    column: Number(column ?? 0) + 1,
    ...(path?.startsWith('/') && { path }),
  })
}

function placeOf(error: unknown): Partial<Located> & { line: number | null; column: number } {
  const fields = fieldsOf(error)
  // Svelte, Vue, Babel and sucrase, esbuild.
  for (const candidate of [fields.start, fieldsOf(fields.loc).start, fields.loc, fields]) {
    const { line, column } = fieldsOf(candidate)
    if (typeof line !== 'number') continue
    const path = typeof fields.path === 'string' ? { path: fields.path } : {}
    return { line, column: typeof column === 'number' ? Math.max(1, column) : 1, ...path }
  }
  const [, line, column] = /[(:](\d+):(\d+)\)?$/m.exec(messageOf(error)) ?? []
  return line === undefined ? { line: null, column: 1 } : { line: Number(line), column: Number(column) }
}

function cleanMessage(message: string, path: string): string {
  return message
    .replace(`Error transforming ${path}: `, '')
    .replace(new RegExp(`^${path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}:\\s*`), '')
    .replace(/\s*\(\d+:\d+\)/, '')
    .split('\n')[0] as string
}

function shownPath(path: string, root: string): string {
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path.replace(/^\//, '')
}
