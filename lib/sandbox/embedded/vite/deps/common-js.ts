import { initSync, parse as parseCommonJs } from 'cjs-module-lexer'
import { parse as parseModule } from 'es-module-lexer/js'
import { dirname } from '../../process/program/builtins/path'
import type { ViteContext } from '../context'

type Context = Pick<ViteContext, 'project' | 'resolver'>

let isReady = false

/** Names that a CommonJS entry exports, following what it re-exports; null for an ES module. */
export function namesOfCommonJs(path: string, context: Context): string[] | null {
  if (isModule(path, context)) return null
  if (!isReady) initSync()
  isReady = true
  const names = new Set(exportsOf(path, context, new Set()))
  return [...names].filter((name) => /^[A-Za-z_$][\w$]*$/.test(name) && name !== 'default' && name !== '__esModule')
}

export function isModule(path: string, { project, resolver }: Context): boolean {
  if (path.endsWith('.mjs')) return true
  if (path.endsWith('.cjs')) return false
  if (resolver.packageOf(path)?.json.type === 'module') return true
  const text = project.readText(path)
  if (!/\b(?:import|export)\b/.test(text)) return false
  try {
    const [imports, exports] = parseModule(text)
    return exports.length > 0 || imports.some(({ d }) => d === -1)
  } catch {
    return false
  }
}

function* exportsOf(path: string, context: Context, seen: Set<string>): Iterable<string> {
  if (seen.has(path) || !context.project.isFile(path) || path.endsWith('.json')) return
  seen.add(path)
  let found: ReturnType<typeof parseCommonJs>
  try {
    found = parseCommonJs(context.project.readText(path))
  } catch {
    return
  }
  yield* found.exports
  for (const specifier of found.reexports) {
    // `if (NODE_ENV === 'production')`: both branches export the same, one is enough.
    if (/\.production(\.min)?(\.js)?$/.test(specifier) && found.reexports.length > 1) continue
    const target = context.resolver.resolve(specifier, path, 'require')
    if (target.kind === 'file' && dirname(target.path) !== '') yield* exportsOf(target.path, context, seen)
  }
}
