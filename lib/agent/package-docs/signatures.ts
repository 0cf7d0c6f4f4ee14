import { type PackageFiles, pathInPackage } from './package-files'

const maxFiles = 24
const maxNamed = 100
const maxDepth = 4

/** One top-level declaration with the comment before it. */
export interface Declaration {
  file: string
  text: string
}

/** The public declarations: the package's types and what they take from files beside them. Null when it has no types. */
export async function readDeclarations(files: PackageFiles): Promise<Declaration[] | null> {
  const entry = await firstFile(files, entriesOf(files.manifest))
  if (entry === null) return null
  const seen = new Set<string>()
  const declarations: Declaration[] = []
  let level = [entry]
  for (let depth = 0; depth < maxDepth && level.length > 0; depth++) {
    const next: { path: string; text: string }[] = []
    for (const { path, text } of level) {
      if (seen.has(path) || seen.size >= maxFiles) continue
      seen.add(path)
      declarations.push(...declarationsOf(path, text))
      for (const specifier of takenFrom(text)) {
        const found = await firstFile(files, candidatesOf(path, specifier, files.name))
        if (found !== null && !seen.has(found.path)) next.push(found)
      }
    }
    level = next
  }
  return declarations
}

async function firstFile(
  files: PackageFiles,
  paths: readonly unknown[],
): Promise<{ path: string; text: string } | null> {
  for (const wanted of paths) {
    const path = pathInPackage(wanted)
    const text = path === null || !/\.d\.[cm]?ts$/.test(path) ? null : await files.read(path)
    if (path !== null && text !== null) return { path, text }
  }
  return null
}

function entriesOf(manifest: Readonly<Record<string, unknown>>): unknown[] {
  const { types, typings, main, module, exports } = manifest
  const beside = [module, main].filter((path) => typeof path === 'string')
  return [
    types,
    typings,
    ...typesIn(exports),
    ...beside.map((path) => path.replace(/\.([cm]?)jsx?$/, '.d.$1ts')),
    'index.d.ts',
  ]
}

/** What the root of an `exports` map says of types. */
function typesIn(exports: unknown): unknown[] {
  if (typeof exports !== 'object' || exports === null) return []
  const map = exports as Record<string, unknown>
  if ('.' in map) return typesIn(map['.'])
  if (typeof map.types === 'string') return [map.types]
  return [map.types, map.import, map.require, map.default].flatMap(typesIn)
}

/** The modules that a file names, in order; each is looked for, so no more than can be of use. */
function takenFrom(text: string): string[] {
  const named = text.matchAll(/\b(?:from\s{0,20}|(?:require|import)\s{0,20}\(\s{0,20})['"]([^'"\n]{1,300})['"]/g)
  return [...new Set([...named].map(([, path = '']) => path))].slice(0, maxNamed)
}

/** A package may name its own parts by its name. */
function candidatesOf(from: string, specifier: string, name: string): string[] {
  const isOwn = specifier.startsWith(`${name}/`)
  if (!isOwn && !specifier.startsWith('.')) return []
  const folder = from.split('/').slice(0, -1).join('/')
  const base = (isOwn ? specifier.slice(name.length + 1) : `${folder}/${specifier}`).replace(/^\//, '')
  const bare = base.replace(/\.([cm]?)jsx?$/, '')
  return [base, base.replace(/\.([cm]?)jsx?$/, '.d.$1ts'), `${bare}.d.ts`, `${bare}.d.mts`, `${bare}/index.d.ts`]
}

/** Cut where a line at the margin begins a declaration; comments go with what follows them, imports and re-exports go away. */
function declarationsOf(file: string, text: string): Declaration[] {
  const blocks: string[] = []
  let block: string[] = []
  let isOpen = false
  let inComment = false
  const close = () => {
    const whole = block.join('\n').trim()
    if (isWorthShowing(whole)) blocks.push(whole)
    block = []
    isOpen = false
  }
  for (const line of text.replace(/\r\n?/g, '\n').split('\n')) {
    const beginsComment = !inComment && /^\/\*/.test(line)
    const begins =
      !inComment &&
      /^(?:export|declare|interface|type|class|abstract|function|const|let|var|enum|namespace|import)\b/.test(line)
    if ((begins || beginsComment) && isOpen) close()
    if (begins) isOpen = true
    block.push(line)
    if (beginsComment || inComment) inComment = !line.includes('*/')
  }
  close()
  return blocks.map((whole) => ({ file, text: whole }))
}

function isWorthShowing(block: string): boolean {
  const code = block.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').trim()
  if (code === '') return false
  return !/^(?:import\b|export\s*\{\s*\}|export\s*(?:\*|(?:type\s*)?\{)[\s\S]*\bfrom\b)/.test(code)
}
