import { basename, dirname, extname, joinPath } from '@/lib/base'
import type { FileData, FileMap } from '@/lib/workspace'

/** What every test runner looks for. */
const testFile = /\.(test|spec)\.[cm]?[jt]sx?$/
/** Where some runners take any file for a test: those that only help are told apart by what they say. */
const testFolder = /(^|\/)(__tests__|test)\//
const testCall = /\b(test|it|describe|suite)\b\s*(\.\w+\s*)*\(/
/** A change of these can change any test. */
const configFile = /^(package(-lock)?\.json|tsconfig[\w.-]*\.json|(vite|vitest|jest|babel)\.config\.\w+)$/
const codeFile = /\.[cm]?[jt]sx?$/
const specifiers =
  /\b(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"\n]+)['"]|\bimport\s*['"]([^'"\n]+)['"]|\b(?:import|require|mock|unmock|doMock)\s*\(\s*['"`]([^'"`\n]+)['"`]/g
const extensions = [
  '',
  '.ts',
  '.tsx',
  '.js',
  '.jsx',
  '.mts',
  '.cts',
  '.mjs',
  '.cjs',
  '.json',
  '/index.ts',
  '/index.tsx',
  '/index.js',
]

/**
 * The test files whose result a change can touch: changed tests, and tests that import what changed, however far away.
 * All of them when configuration changed. Read off the text, so that it is instant; too many rather than too few.
 */
export function affectedTestFiles(files: FileMap, changed: readonly string[]): string[] {
  const code = [...files.keys()].filter((path) => codeFile.test(path) && !path.includes('node_modules/'))
  const tests = code.filter((path) => isTest(path, files.get(path))).sort()
  if (changed.some((path) => configFile.test(basename(path)))) return tests

  const importers = new Map<string, string[]>()
  for (const path of code) {
    for (const target of importsOf(files, path)) importers.set(target, [...(importers.get(target) ?? []), path])
  }
  const touched = new Set<string>()
  const queue = [...changed]
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (touched.has(path)) continue
    touched.add(path)
    queue.push(...(importers.get(path) ?? []), ...snapshotOwner(files, path))
  }
  return tests.filter((path) => touched.has(path))
}

function isTest(path: string, text: FileData | undefined): boolean {
  return testFile.test(path) || (testFolder.test(path) && typeof text === 'string' && testCall.test(text))
}

/** Every place an import may mean, existing or not: a deleted file still has importers. */
function importsOf(files: FileMap, path: string): Set<string> {
  const text = files.get(path)
  const targets = new Set<string>()
  if (typeof text !== 'string') return targets
  for (const match of text.matchAll(specifiers)) {
    const specifier = match[1] ?? match[2] ?? match[3] ?? ''
    if (specifier.startsWith('.')) {
      const base = joinPath(dirname(path), specifier)
      if (base !== null) for (const candidate of candidates(base)) targets.add(candidate)
    } else {
      // Aliases (tsconfig paths, package imports) end like the path they mean.
      const tail = specifier.replace(/^[@~#][^/]*\//, '')
      const isAlias = tail !== specifier
      if (isAlias) for (const candidate of files.keys()) if (endsLike(candidate, tail)) targets.add(candidate)
    }
  }
  return targets
}

function candidates(base: string): string[] {
  const typescript = base.replace(/\.([cm]?)js(x?)$/, '.$1ts$2')
  return [...extensions.map((extension) => base + extension), typescript, `${typescript}x`]
}

function endsLike(path: string, tail: string): boolean {
  const bare = (name: string) => name.slice(0, name.length - extname(name).length).replace(/\/index$/, '')
  return `/${bare(path)}`.endsWith(`/${bare(tail)}`)
}

/** `src/__snapshots__/x.test.ts.snap` belongs to `src/x.test.ts`. */
function snapshotOwner(files: FileMap, path: string): string[] {
  const owner = joinPath(dirname(path), '..', basename(path).replace(/\.snap$/, ''))
  return path.endsWith('.snap') && owner !== null && files.has(owner) ? [owner] : []
}
