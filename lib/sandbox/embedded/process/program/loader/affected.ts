import { dirname } from '../builtins/path'
import { isTestFile } from '../testing/config'
import type { ResolverFs } from './package-scope'
import { createResolver, type Resolver } from './resolve'

const scriptName = /\.[cm]?[jt]sx?$/
/** A change of these can change any test. */
const projectWide =
  /(^|\/)(package(-lock)?\.json|[jt]sconfig(\.[\w-]+)?\.json|(vitest|vite|jest|babel)\.config\.[cm]?[jt]s|\.env(\.\w+)*)$/

const specifierPattern =
  /\b(?:import|export)\b(?:[\s\w$*{},]|\/\*[\s\S]*?\*\/)*?\bfrom\s*(["'])([^"'\n]+)\1|\bimport\s*(?:\(\s*)?(["'`])([^"'`\n]+)\3|\b(?:require|mock|doMock|importActual|requireActual)\s*\(\s*(["'`])([^"'`\n]+)\5|\bnew\s+URL\s*\(\s*(["'`])(\.[^"'`\n]+)\7/g

/** Every module a text may name; takes too much rather than too little (comments and strings count as well). */
export function specifiersIn(text: string): string[] {
  const found = new Set<string>()
  for (const match of text.matchAll(specifierPattern)) {
    const specifier = match[2] ?? match[4] ?? match[6] ?? match[8]
    if (specifier !== undefined) found.add(specifier)
  }
  return [...found]
}

/**
 * Which test files can notice a change: tests that import a changed file, directly or through others, and changed
 * tests themselves; all of them when a file changed that concerns the whole project. Absolute paths.
 */
export function affectedTests(fs: ResolverFs, paths: readonly string[], changed: readonly string[]): string[] {
  const tests = paths.filter(isTestFile)
  if (changed.some((path) => projectWide.test(path))) return tests.sort()
  const importers = importersOf(fs, paths, changed)
  const reached = new Set(changed)
  const queue = [...changed]
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    for (const importer of importers.get(path) ?? []) {
      if (reached.has(importer)) continue
      reached.add(importer)
      queue.push(importer)
    }
  }
  return tests.filter((test) => reached.has(test)).sort()
}

/** Each script → the files that it names. */
export function importsOf(fs: ResolverFs, paths: readonly string[]): Map<string, Set<string>> {
  const resolver = createResolver(fs, { isBuiltin: () => false })
  const imports = new Map<string, Set<string>>()
  for (const path of paths) {
    if (!scriptName.test(path)) continue
    const found = specifiersIn(fs.readText(path)).flatMap((specifier) => fileNamed(resolver, specifier, path) ?? [])
    imports.set(path, new Set(found))
  }
  return imports
}

/** Imported path → the files that name it. Changed files that exist no more still count where they would have been. */
function importersOf(fs: ResolverFs, paths: readonly string[], changed: readonly string[]): Map<string, Set<string>> {
  const gone = new Set(changed)
  const folders = new Set(changed.map(dirname))
  const resolver = createResolver(
    {
      ...fs,
      isFile: (path) => gone.has(path) || fs.isFile(path),
      isDirectory: (path) => folders.has(path) || fs.isDirectory(path),
    },
    { isBuiltin: () => false },
  )
  const importers = new Map<string, Set<string>>()
  const add = (target: string, importer: string) => {
    const known = importers.get(target) ?? new Set()
    importers.set(target, known.add(importer))
  }
  for (const path of paths) {
    if (!scriptName.test(path)) continue
    const text = fs.readText(path)
    for (const specifier of specifiersIn(text)) {
      const found = fileNamed(resolver, specifier, path)
      if (found !== null) add(found, path)
    }
    // A file that a program reads by name (a fixture, a template) is not imported, but named.
    for (const name of changed)
      if (!scriptName.test(name) && text.includes(name.slice(name.lastIndexOf('/') + 1))) add(name, path)
  }
  return importers
}

/** What is found in a text need not be a module's name; where the loader throws, as Node's does, nothing is named. */
function fileNamed(resolver: Pick<Resolver, 'resolve'>, specifier: string, importer: string): string | null {
  try {
    const found = resolver.resolve(specifier, importer, 'import')
    return found.kind === 'file' ? found.path : null
  } catch (error) {
    if (error instanceof URIError) return null
    throw error
  }
}
