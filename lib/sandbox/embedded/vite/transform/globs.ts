import { dirname, resolve } from '../../process/program/builtins/path'
import type { Project } from '../project'

/** The files that a pattern of a module stands for; when others match it, the module is another. */
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

/** The files that fit the patterns of a module, in order; the module itself is none of them. Patterns are read from `folder`. */
export function findGlobbed(patterns: readonly string[], place: SourcePlace, folder = dirname(place.path)): string[] {
  const { path, project, resolveAlias, onGlob } = place
  const whole = patterns.map((pattern) => {
    const plain = resolveAlias(pattern)
    return plain.startsWith('!') ? `!${absolute(plain.slice(1), project, folder)}` : absolute(plain, project, folder)
  })
  const wanted = whole.filter((pattern) => !pattern.startsWith('!'))
  const refused = whole.filter((pattern) => pattern.startsWith('!')).map((pattern) => globToRegExp(pattern.slice(1)))
  const tests = wanted.map(globToRegExp)
  const matches = (file: string) =>
    file !== path && tests.some((test) => test.test(file)) && !refused.some((test) => test.test(file))
  const folders = new Set(wanted.map((pattern) => dirname(literalStart(pattern))).filter(project.isDirectory))
  const files = new Set([...folders].flatMap((folder) => [...project.walk(folder)].filter(matches)))
  onGlob?.({ files, matches })
  return [...files].sort()
}

/** A pattern with its alias replaced. */
export function withAlias(pattern: string, aliases: readonly { find: string | RegExp; replacement: string }[]): string {
  const negated = pattern.startsWith('!') ? '!' : ''
  const bare = pattern.slice(negated.length)
  const alias = aliases.find(({ find }) => typeof find === 'string' && bare.startsWith(`${find.replace(/\/$/, '')}/`))
  return alias && typeof alias.find === 'string' ? negated + alias.replacement + bare.slice(alias.find.length) : pattern
}

/** A pattern without aliases, from the root of the machine. */
export function absolute(pattern: string, project: Project, folder: string): string {
  if (!pattern.startsWith('/')) return resolve(folder, pattern)
  return pattern.startsWith(`${project.root}/`) ? pattern : project.root + pattern
}

/** What all files of the pattern begin with. */
export const literalStart = (pattern: string) => /^[^*?{[]*/.exec(pattern)?.[0] ?? ''

/** How a module imports a file of the machine. */
export const specifierOf = (file: string, { project }: SourcePlace) =>
  file.startsWith(`${project.root}/`) ? file.slice(project.root.length) : file

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
