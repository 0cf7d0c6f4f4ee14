import { dirname, relative } from '../../process/program/builtins/path'
import { expandDynamicImports } from './dynamic-imports'
import { absolute, findGlobbed, type SourcePlace, specifierOf } from './globs'

/**
 * `import.meta.glob(…)`, `new URL('…', import.meta.url)`, `new Worker(new URL(…))` and `import()` of computed names as
 * imports. Lines stay.
 */
export function expandSourceFeatures(code: string, place: SourcePlace): string {
  const imports: string[] = []
  let out = expandDynamicImports(code, place)
  if (out.includes('import.meta.glob')) out = expandGlobs(out, place, imports)
  if (out.includes('import.meta.url')) out = expandUrls(out, imports)
  return withImports(imports, out)
}

/** `import.meta.glob(…)` alone. */
export function expandGlobImports(code: string, place: SourcePlace): string {
  const imports: string[] = []
  return withImports(imports, expandGlobs(code, place, imports))
}

const withImports = (imports: readonly string[], code: string) =>
  imports.length === 0 ? code : `${imports.join(';')};${code}`

const globPattern =
  /\bimport\.meta\.glob(?:<[^>(]*>)?\(\s*(\[[^\]]*\]|'[^']*'|"[^"]*"|`[^`]*`)\s*(?:,\s*(\{[\s\S]*?\})\s*,?\s*)?\)/g

function expandGlobs(code: string, place: SourcePlace, imports: string[]): string {
  const { path, project } = place
  let count = 0
  return code.replace(globPattern, (whole, patternText: string, optionText: string | undefined) => {
    const patterns = [...patternText.matchAll(/(['"`])(.*?)\1/g)].map((match) => match[2] ?? '')
    const options = readGlobOptions(optionText ?? '')
    const isRelative = patterns.every((pattern) => /^[.!]/.test(pattern))
    const folder = options.base === '' ? dirname(path) : absolute(options.base, project, dirname(path))
    const files = findGlobbed(patterns, place, folder)
    const entries = files.map((file) => {
      const key = isRelative || options.base !== '' ? relativeKey(folder, file) : file.slice(project.root.length)
      const specifier = JSON.stringify(specifierOf(file, place) + options.query)
      const pick = options.import === '' ? '' : `.then((m) => m[${JSON.stringify(options.import)}])`
      if (!options.eager) return `${JSON.stringify(key)}: () => import(${specifier})${pick}`
      const name = `__glob_${count++}`
      imports.push(
        options.import === '' || options.import === '*'
          ? `import * as ${name} from ${specifier}`
          : `import { ${options.import} as ${name} } from ${specifier}`,
      )
      return `${JSON.stringify(key)}: ${name}`
    })
    const lines = whole.split('\n').length - 1
    return `({${entries.join(', ')}${'\n'.repeat(lines)}})`
  })
}

interface GlobOptions {
  eager: boolean
  import: string
  query: string
  /** The folder that patterns and keys are read from, in place of the module's. */
  base: string
}

function readGlobOptions(text: string): GlobOptions {
  const string = (name: string) => new RegExp(`\\b${name}\\s*:\\s*['"\`]([^'"\`]*)['"\`]`).exec(text)?.[1] ?? ''
  const as = string('as')
  const query = string('query') || (as === '' ? '' : as)
  return {
    eager: /\beager\s*:\s*true\b/.test(text),
    import: string('import') || (as === 'raw' || as === 'url' ? 'default' : ''),
    base: string('base'),
    query: query === '' || query.startsWith('?') ? query : `?${query}`,
  }
}

function relativeKey(folder: string, file: string): string {
  const key = relative(folder, file)
  return key.startsWith('.') ? key : `./${key}`
}

const workerPattern =
  /\bnew\s+(Shared)?Worker\(\s*new\s+URL\(\s*(['"])([^'"]+)\2\s*,\s*import\.meta\.url\s*\)\s*(?:,\s*(\{[^}]*\})\s*,?\s*)?\)/g
const urlPattern = /\bnew\s+URL\(\s*(['"])([^'"]+)\1\s*,\s*import\.meta\.url\s*\)/g

function expandUrls(code: string, imports: string[]): string {
  let count = 0
  const withWorkers = code.replace(
    workerPattern,
    (_whole, shared: string | undefined, _quote, specifier: string, options = '') => {
      const name = `__worker_${count++}`
      imports.push(`import ${name} from ${JSON.stringify(`${specifier}?${shared ? 'sharedworker' : 'worker'}`)}`)
      return `new ${name}(${options})`
    },
  )
  return withWorkers.replace(urlPattern, (whole, _quote: string, specifier: string) => {
    if (/^[a-z]+:/i.test(specifier)) return whole
    const name = `__url_${count++}`
    const relativeSpecifier = /^[./]/.test(specifier) ? specifier : `./${specifier}`
    imports.push(`import ${name} from ${JSON.stringify(`${relativeSpecifier}?url`)}`)
    return `new URL(${name}, import.meta.url)`
  })
}
