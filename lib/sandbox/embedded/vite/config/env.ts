import type { Project } from '../project'

/** Variables of the project's `.env` files for a mode; the more special file wins, what is set already wins over all. */
export function loadEnv(
  project: Project,
  mode: string,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const values: Record<string, string> = {}
  for (const name of ['.env', '.env.local', `.env.${mode}`, `.env.${mode}.local`]) {
    const text = project.find(`${project.root}/${name}`)
    if (text !== null) Object.assign(values, parseEnv(text))
  }
  for (const name of Object.keys(values)) values[name] = expand(values, name, [])
  for (const [name, value] of Object.entries(given)) if (name.startsWith('VITE_')) values[name] = value
  return values
}

const linePattern =
  /^\s*(?:export\s+)?([\w.-]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|'([^']*)'|`([^`]*)`|([^#\n]*?))\s*(?:#.*)?$/gm

function parseEnv(text: string): Record<string, string> {
  const values: Record<string, string> = {}
  for (const [, name = '', double, single, tick, bare] of text.replaceAll('\r\n', '\n').matchAll(linePattern)) {
    values[name] = double?.replaceAll('\\n', '\n').replace(/\\(.)/g, '$1') ?? single ?? tick ?? bare?.trim() ?? ''
  }
  return values
}

/** `$NAME` and `${NAME}` inside a value. */
function expand(values: Readonly<Record<string, string>>, name: string, seen: readonly string[]): string {
  const value = values[name] ?? ''
  if (seen.includes(name)) return value
  return value.replace(/\\\$|\$\{?(\w+)\}?/g, (whole, inner?: string) => {
    if (inner === undefined) return '$'
    return inner in values ? expand(values, inner, [...seen, name]) : whole
  })
}

/** What pages may see. */
export function publicEnv(
  values: Readonly<Record<string, string>>,
  { mode, base, prefixes, isBuild }: { mode: string; base: string; prefixes: readonly string[]; isBuild: boolean },
): Record<string, unknown> {
  const shown = Object.entries(values).filter(([name]) => prefixes.some((prefix) => name.startsWith(prefix)))
  const isProduction = isBuild && mode !== 'development'
  return {
    BASE_URL: base,
    MODE: mode,
    DEV: !isProduction,
    PROD: isProduction,
    SSR: false,
    ...Object.fromEntries(shown),
  }
}
