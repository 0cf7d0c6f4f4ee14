import type { ViteContext } from '../context'
import { fileNameOf, hashOf } from '../paths'
import { absentModule } from './absent-module'
import { isModule, namesOfCommonJs } from './common-js'
import type { OptimizedDependencies, WantedDependencies } from './optimize'
import { type PlainCommonJs, readPlainCommonJs } from './plain-common-js'

type Context = Pick<ViteContext, 'project' | 'resolver' | 'config'>

interface BundledFile {
  index: number
  code: string
  /** The files that it requires, by the names it uses. */
  required: Record<string, number>
}

/**
 * Bundles packages that are CommonJS all through, such as React: their files are put side by side as functions. So the
 * bundler, 14 MB of WebAssembly, need not be fetched and started. Null where one of the files needs it.
 */
export function bundleCommonJs(
  wanted: WantedDependencies,
  context: Context,
  defined: readonly string[],
): Omit<OptimizedDependencies, 'hash'> | null {
  const from = `${context.config.root}/index.html`
  const bundle = new Map<string, BundledFile>()
  const made = new Map<string, { index: number; names: Iterable<string> }>()
  for (const [specifier, asked] of wanted) {
    const found = context.resolver.resolve(specifier, from)
    const names = found.kind === 'file' && !found.path.endsWith('.json') ? namesOfCommonJs(found.path, context) : null
    const file = names && addFile(specifier, { importer: from, how: 'import' }, { bundle, context, defined })
    if (!file) return null
    made.set(specifier, { index: file.index, names: new Set([...names, ...asked]) })
  }
  const chunk = chunkOf([...bundle.values()])
  const chunkName = `chunk-${hashOf(chunk)}.js`
  const files: Record<string, string> = { [chunkName]: chunk }
  const entries: Record<string, string> = {}
  for (const [specifier, { index, names }] of made) {
    const name = `${fileNameOf(specifier)}.js`
    entries[specifier] = name
    files[name] = entryOf(index, { chunkName, names })
  }
  return { entries, files }
}

function addFile(
  specifier: string,
  { importer, how }: { importer: string; how: 'import' | 'require' },
  into: { bundle: Map<string, BundledFile>; context: Context; defined: readonly string[] },
): BundledFile | null {
  const { bundle, context, defined } = into
  const found = context.resolver.resolve(specifier, importer, how)
  const key = found.kind === 'file' ? found.path : `${found.kind} ${specifier}`
  const known = bundle.get(key)
  if (known) return known
  const source =
    found.kind === 'file'
      ? readFile(found, context, defined)
      : { code: found.kind === 'empty' ? 'module.exports = {}' : absentModule(specifier), required: [] }
  if (source === null) return null
  const file: BundledFile = { index: bundle.size, code: source.code, required: {} }
  // Before what it requires, which may require it.
  bundle.set(key, file)
  for (const name of source.required) {
    const target = addFile(name, { importer: key, how: 'require' }, into)
    if (target === null) return null
    file.required[name] = target.index
  }
  return file
}

function readFile(
  { path, query }: { path: string; query: string },
  context: Context,
  defined: readonly string[],
): PlainCommonJs | null {
  if (query !== '') return null
  const text = context.project.readText(path)
  if (path.endsWith('.json')) return isJson(text) ? { code: `module.exports = ${text}`, required: [] } : null
  return /\.c?js$/.test(path) && !isModule(path, context) ? readPlainCommonJs(text, defined) : null
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Its names are none that packages look for among the page's own. */
function chunkOf(files: readonly BundledFile[]): string {
  const functions = files.map(({ code }) => `function (module, exports, require, global) {\n${code}\n}`)
  return `const __vitrineFiles = [${functions.join(',\n')}]
const __vitrineRequired = ${JSON.stringify(files.map(({ required }) => required))}
const __vitrineModules = []
export function __vitrineLoad(index) {
  if (__vitrineModules[index]) return __vitrineModules[index].exports
  const module = (__vitrineModules[index] = { exports: {} })
  try {
    __vitrineFiles[index].call(module.exports, module, module.exports, (name) => __vitrineLoad(__vitrineRequired[index][name]), globalThis)
  } catch (error) {
    __vitrineModules[index] = undefined
    throw error
  }
  return module.exports
}
`
}

/** With the default and the named exports that ES modules expect of CommonJS. */
function entryOf(index: number, { chunkName, names }: { chunkName: string; names: Iterable<string> }): string {
  const named = [...names]
    .filter((name) => name !== 'default' && name !== '*')
    .map((name, place) => ({ name, local: `_${place}`, key: JSON.stringify(name) }))
  return [
    `import { __vitrineLoad as load } from './${chunkName}'`,
    `const all = load(${index})`,
    'const fallback = all?.__esModule ? all.default : all',
    'export default fallback',
    ...named.map(({ local, key }) => `const ${local} = all?.[${key}] ?? fallback?.[${key}]`),
    `export { ${named.map(({ name, local }) => `${local} as ${name}`).join(', ')} }`,
  ].join('\n')
}
