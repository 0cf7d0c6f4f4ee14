import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, expect, it } from 'vitest'

const lib = [
  'base',
  'registry',
  'prompts',
  'safety',
  'workspace',
  'models',
  'sandbox',
  'share',
  'agent',
  'editor',
  'session',
].map((name) => `lib/${name}`)
/** What each part may import besides itself, as ARCHITECTURE.md shows it. Type imports count. */
const allowed: Record<string, string[]> = {
  'lib/base': [],
  'lib/registry': ['lib/base'],
  'lib/prompts': ['lib/base'],
  'lib/safety': ['lib/base'],
  'lib/workspace': ['lib/base'],
  'lib/models': ['lib/base'],
  'lib/sandbox': ['lib/base', 'lib/registry', 'lib/workspace'],
  'lib/share': ['lib/base', 'lib/workspace', 'lib/safety'],
  'lib/agent': ['lib/base', 'lib/registry', 'lib/prompts', 'lib/safety', 'lib/workspace', 'lib/models', 'lib/sandbox'],
  'lib/editor': ['lib/base', 'lib/prompts', 'lib/safety', 'lib/workspace', 'lib/models'],
  'lib/session': lib,
  'lib/server': ['lib/base', 'lib/registry', 'lib/prompts', 'lib/safety', 'lib/models', 'lib/share'],
  'components/ui': [],
  components: ['components/ui', ...lib],
  'app/api': ['lib/server', 'lib/base'],
  app: ['components', 'components/ui', 'lib/server', ...lib],
}

function partOf(path: string): string {
  const [first = '', second = ''] = path.split('/')
  const nested = `${first}/${second}`
  return nested in allowed || first === 'lib' ? nested : first
}

function sourceFiles(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((name) => {
    const path = posix.join(folder, name)
    if (statSync(path).isDirectory()) return sourceFiles(path)
    return /\.(ts|tsx|mjs)$/.test(name) && !/\.(test|conformance)\.tsx?$/.test(name) ? [path] : []
  })
}

function importsOf(path: string): string[] {
  const code = readFileSync(join(process.cwd(), path), 'utf8')
  const specifiers = [
    ...code.matchAll(
      /^\s*(?:import|export)\b[^'"\n]*?(?:\bfrom\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]|^\}\s*from\s*['"]([^'"]+)['"]/gm,
    ),
  ]
  return specifiers.map((match) => match[1] ?? match[2] ?? match[3] ?? '')
}

function targetOf(path: string, specifier: string): string | null {
  if (specifier.startsWith('@/')) return specifier.slice(2)
  return specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : null
}

const files = ['app', 'components', 'lib'].flatMap(sourceFiles)
const sources = new Set(files)

/** The files whose code has to run before this one's: neither types alone nor what is loaded later. */
function loadedBefore(path: string): string[] {
  const statements = readFileSync(join(process.cwd(), path), 'utf8').matchAll(
    /^(?:import|export)\s+(?!type\b)([\w\s{},*$]*?)\s+from\s+'([^']+)'/gm,
  )
  return [...statements].flatMap(([, clause = '', specifier = '']) => {
    const names = clause.match(/^\{([^}]*)\}$/)?.[1]?.split(',') ?? [clause]
    const target = targetOf(path, specifier)
    if (target === null || names.every((name) => /^\s*(?:type\s|$)/.test(name))) return []
    return ['', '.ts', '.tsx', '/index.ts'].map((ending) => target + ending).filter((file) => sources.has(file))
  })
}

/** A process starts processes, and a Worker's bundle may hold Workers. */
const circlesByNature = [
  /^lib\/sandbox\/embedded\/kernel\/(?:children|process|sync-calls)\.ts$/,
  /\/vite\/build\/bundle/,
]

/** Each circle once, as the way around it. */
function findCircles(): string[] {
  const circles: string[] = []
  const done = new Set<string>()
  const visit = (path: string, way: readonly string[]) => {
    const start = way.indexOf(path)
    if (start !== -1) {
      const circle = way.slice(start)
      if (!circlesByNature.some((nature) => circle.every((file) => nature.test(file)))) circles.push(circle.join(' → '))
      return
    }
    if (done.has(path)) return
    for (const next of loadedBefore(path)) visit(next, [...way, path])
    done.add(path)
  }
  for (const path of files) visit(path, [])
  return circles
}

describe('architecture', () => {
  it('finds the source files', () => {
    expect(files.length).toBeGreaterThan(20)
  })

  it('imports only downwards, as the table allows', () => {
    const broken = files.flatMap((path) =>
      importsOf(path).flatMap((specifier) => {
        const target = targetOf(path, specifier)
        if (target === null) return []
        const [from, to] = [partOf(path), partOf(target)]
        if (from === to || !to.match(/^(app|components|lib)/) || allowed[from]?.includes(to)) return []
        return [`${path} imports ${to}; ${from} may import: ${allowed[from]?.join(', ') || 'nothing of ours'}`]
      }),
    )
    expect(broken).toEqual([])
  })

  it('has no circle of files that wait for one another to load', () => {
    expect(findCircles()).toEqual([])
  })

  it('keeps React out of lib', () => {
    const broken = files.filter(
      (path) => path.startsWith('lib/') && importsOf(path).some((name) => /^(react|react-dom|next)(\/|$)/.test(name)),
    )
    expect(broken).toEqual([])
  })
})
