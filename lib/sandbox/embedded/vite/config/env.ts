import { parseEnv } from '../../process/parse-env'
import type { Project } from '../project'

type Env = Readonly<Record<string, string>>

/** Variables of the project's `.env` files for a mode; the more special file wins, what is set already wins over all. */
export function loadEnv(project: Project, mode: string, given: Env): Record<string, string> {
  const values: Record<string, string> = {}
  for (const name of ['.env', '.env.local', `.env.${mode}`, `.env.${mode}.local`]) {
    const text = project.find(`${project.root}/${name}`)
    if (text !== null) Object.assign(values, parseEnv(text))
  }
  for (const name of Object.keys(values)) values[name] = given[name] ?? expand(name, values, given)
  for (const [name, value] of Object.entries(given)) if (name.startsWith('VITE_')) values[name] = value
  return values
}

/** A value with `$NAME`, `${NAME}` and `${NAME:-other}` in it; those of lines below stand there as they are written. */
function expand(name: string, values: Env, given: Env): string {
  const replaced = (values[name] ?? '').replace(
    /(?<!\\)\$(?:\{([^{}]+)\}|([A-Za-z_]\w*))/g,
    (_whole, inBraces: string | undefined, bare = '') => {
      const [, inner = '', operator = '', other = ''] = /^(.*?)(?:(:?[-+])(.*))?$/s.exec(inBraces ?? bare) ?? []
      const known = given[inner] ?? (inner === name ? undefined : values[inner]) ?? ''
      if (operator.endsWith('+')) return known === '' ? '' : other
      return known === '' ? other : known
    },
  )
  return replaced.replaceAll('\\$', '$')
}

/** What pages may see. */
export function publicEnv(
  values: Env,
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
