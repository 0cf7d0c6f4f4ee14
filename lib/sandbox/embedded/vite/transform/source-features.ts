import { dirname, relative, resolve } from '../../process/program/builtins/path'
import type { Project } from '../project'

/** The files that an `import.meta.glob` stands for; when others match it, its module is another. */
export interface GlobUse {
  files: ReadonlySet<string>
  matches(path: string): boolean
}

/** Where the source comes from. */
export interface SourcePlace {
  path: string
  project: Project
  /** Turns a pattern of the source into one without aliases. */
  resolveAlias(pattern: string): string
  onGlob?(use: GlobUse): void
}

/** `import.meta.glob(…)`, `new URL('…', import.meta.url)` and `new Worker(new URL(…))` as imports. Lines stay. */
export function expandSourceFeatures(code: string, place: SourcePlace): string {
  const imports: string[] = []
  let out = code
  if (out.includes('import.meta.glob')) out = expandGlobs(out, place, imports)
  if (out.includes('import.meta.url')) out = expandUrls(out, imports)
  return imports.length === 0 ? out : `${imports.join(';')};${out}`
}

const globPattern =
  /\bimport\.meta\.glob(?:<[^>(]*>)?\(\s*(\[[^\]]*\]|'[^']*'|"[^"]*"|`[^`]*`)\s*(?:,\s*(\{[\s\S]*?\})\s*,?\s*)?\)/g

function expandGlobs(code: string, place: SourcePlace, imports: string[]): string {
  const { path, project, resolveAlias, onGlob } = place
  let count = 0
  return code.replace(globPattern, (whole, patternText: string, optionText: string | undefined) => {
    const patterns = [...patternText.matchAll(/(['"`])(.*?)\1/g)].map((match) => match[2] ?? '')
    const options = readGlobOptions(optionText ?? '')
    const matches = globMatcher(patterns.map(resolveAlias), path, project)
    const files = [...project.walk(project.root)].filter(matches).sort()
    onGlob?.({ files: new Set(files), matches })
    const entries = files.map((file) => {
      const key = patterns[0]?.startsWith('/') ? file.slice(project.root.length) : relativeKey(path, file)
      const specifier = JSON.stringify(`${file.slice(project.root.length)}${options.query}`)
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

function readGlobOptions(text: string): { eager: boolean; import: string; query: string } {
  const string = (name: string) => new RegExp(`\\b${name}\\s*:\\s*['"\`]([^'"\`]*)['"\`]`).exec(text)?.[1] ?? ''
  const as = string('as')
  const query = string('query') || (as === '' ? '' : as)
  return {
    eager: /\beager\s*:\s*true\b/.test(text),
    import: string('import') || (as === 'raw' || as === 'url' ? 'default' : ''),
    query: query === '' || query.startsWith('?') ? query : `?${query}`,
  }
}

function relativeKey(from: string, to: string): string {
  const key = relative(dirname(from), to)
  return key.startsWith('.') ? key : `./${key}`
}

function globMatcher(patterns: readonly string[], path: string, project: Project): GlobUse['matches'] {
  const absolute = (pattern: string) =>
    pattern.startsWith('/')
      ? pattern.startsWith(project.root)
        ? pattern
        : project.root + pattern
      : resolve(dirname(path), pattern)
  const wanted = patterns
    .filter((pattern) => !pattern.startsWith('!'))
    .map((pattern) => globToRegExp(absolute(pattern)))
  const refused = patterns
    .filter((pattern) => pattern.startsWith('!'))
    .map((pattern) => globToRegExp(absolute(pattern.slice(1))))
  return (file) => file !== path && wanted.some((test) => test.test(file)) && !refused.some((test) => test.test(file))
}

export function globToRegExp(glob: string): RegExp {
  let out = ''
  for (let at = 0; at < glob.length; at++) {
    const char = glob[at] ?? ''
    if (glob.startsWith('**/', at)) {
      out += '(?:[^/]+/)*'
      at += 2
    } else if (glob.startsWith('**', at)) {
      out += '.*'
      at += 1
    } else if (char === '*') out += '[^/]*'
    else if (char === '?') out += '[^/]'
    else if (char === '{') out += '(?:'
    else if (char === '}') out += ')'
    else if (char === ',') out += '|'
    else out += char.replace(/[.+^$()|[\]\\]/g, '\\$&')
  }
  return new RegExp(`^${out}$`)
}

const workerPattern =
  /\bnew\s+(Shared)?Worker\(\s*new\s+URL\(\s*(['"])([^'"]+)\2\s*,\s*import\.meta\.url\s*\)\s*(?:,\s*\{[^}]*\}\s*)?\)/g
const urlPattern = /\bnew\s+URL\(\s*(['"])([^'"]+)\1\s*,\s*import\.meta\.url\s*\)/g

function expandUrls(code: string, imports: string[]): string {
  let count = 0
  const withWorkers = code.replace(workerPattern, (_whole, _shared, _quote, specifier: string) => {
    const name = `__worker_${count++}`
    imports.push(`import ${name} from ${JSON.stringify(`${specifier}?worker`)}`)
    return `new ${name}()`
  })
  return withWorkers.replace(urlPattern, (whole, _quote: string, specifier: string) => {
    if (/^[a-z]+:/i.test(specifier)) return whole
    const name = `__url_${count++}`
    const relativeSpecifier = /^[./]/.test(specifier) ? specifier : `./${specifier}`
    imports.push(`import ${name} from ${JSON.stringify(`${relativeSpecifier}?url`)}`)
    return `new URL(${name}, import.meta.url)`
  })
}
