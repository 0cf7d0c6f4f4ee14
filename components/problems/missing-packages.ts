import type { Diagnostic } from '@/lib/sandbox'

/** TypeScript's codes for imports that lead nowhere, and for JSX without its library. */
const unresolved = /^ts\((?:2307|2792|2875|7016)\)$/

/** Packages that package.json names and the project imports, but which are not installed. */
export function missingPackages(diagnostics: readonly Diagnostic[], manifest: unknown): string[] {
  const known = dependenciesOf(manifest)
  if (known.length === 0) return []
  const modules = diagnostics.flatMap(({ code, message }) => {
    const name = unresolved.test(code ?? '') ? /['"]([^'"]+)['"]/.exec(message)?.[1] : undefined
    return name === undefined ? [] : [name]
  })
  return known.filter((name) => modules.some((path) => path === name || path.startsWith(`${name}/`)))
}

function dependenciesOf(manifest: unknown): string[] {
  if (typeof manifest !== 'string') return []
  try {
    const { dependencies, devDependencies } = JSON.parse(manifest) as Record<string, object | undefined>
    return Object.keys({ ...dependencies, ...devDependencies }).sort()
  } catch (error) {
    // Half typed: as if it named none.
    if (error instanceof SyntaxError) return []
    throw error
  }
}
