import { resolve } from '../../process/program/builtins/path'

/** `css.postcss` of a config: where its file is looked for, or plugins by package with their options, `true` for none. */
export type PostcssOptions =
  | { kind: 'search'; folder: string }
  | { kind: 'plugins'; plugins: [name: string, options: unknown][] }

/** Null when the config says nothing; what cannot be taken along to another process is named in `warnings`. */
export function readPostcss(value: unknown, root: string, warnings: string[]): PostcssOptions | null {
  if (typeof value === 'string') return { kind: 'search', folder: resolve(root, value) }
  if (typeof value !== 'object' || value === null) return null
  const { plugins = [], ...rest } = value as { plugins?: unknown; [key: string]: unknown }
  for (const key of Object.keys(rest)) warnings.push(`“css.postcss.${key}” of the config is not used here.`)
  const given = [plugins].flat().filter(Boolean) as Record<string, unknown>[]
  return {
    kind: 'plugins',
    plugins: given.flatMap((plugin): [string, unknown][] => {
      const { vitrinePlugin: name, options, postcssPlugin: ownName } = plugin
      if (typeof name === 'string') {
        if (hasFunction(options)) warnings.push(`Functions in the options of “${name}” are not used here.`)
        return [[name, options ?? true]]
      }
      const label = typeof ownName === 'string' ? `“${ownName}”` : 'of the config itself'
      warnings.push(`The PostCSS plugin ${label} is not run here; put it into postcss.config.js.`)
      return []
    }),
  }
}

function hasFunction(value: unknown): boolean {
  if (typeof value === 'function') return true
  return typeof value === 'object' && value !== null && Object.values(value).some(hasFunction)
}
