import { dirname, extname, joinPath, messageOf } from '@/lib/base'
import type { FileMap } from '@/lib/workspace'

const extensions = ['', '.ts', '.tsx', '.js', '.jsx', '.mjs', '.json', '/index.ts', '/index.tsx', '/index.js']

/**
 * Every module that the entries reach: specifier `app:/<path>` → JavaScript with its imports rewritten to such
 * specifiers. CSS imported from a module becomes a module that adds a style element; JSON a default export.
 */
export async function moduleSources(
  files: FileMap,
  entries: readonly string[],
): Promise<{ modules: Record<string, string>; problems: string[] }> {
  const modules: Record<string, string> = {}
  const problems: string[] = []
  if (entries.length === 0) return { modules, problems }
  const [{ init, parse }, { transform }] = await Promise.all([import('es-module-lexer'), import('sucrase')])
  await init
  const queue = [...entries]
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const specifier = `app:/${path}`
    if (specifier in modules) continue
    const source = files.get(path)
    if (typeof source !== 'string') continue
    try {
      const code = toJavaScript(path, source, transform)
      const { rewritten, found, missing } = rewriteImports(files, path, code, parse)
      modules[specifier] = `${rewritten}\n//# sourceURL=${specifier}`
      queue.push(...found)
      problems.push(...missing)
    } catch (error) {
      modules[specifier] = `console.error(${JSON.stringify(`${path}: ${messageOf(error)}`)})`
    }
  }
  return { modules, problems }
}

function toJavaScript(path: string, source: string, transform: typeof import('sucrase').transform): string {
  const extension = extname(path)
  if (extension === '.json') return `export default ${source}`
  if (extension === '.css') {
    return `const style = document.createElement('style'); style.textContent = ${JSON.stringify(source)}; document.head.append(style); export default style.textContent`
  }
  if (!/^\.[cm]?tsx?$|^\.jsx$/.test(extension)) return source
  const jsx = extension.endsWith('x')
  return transform(source, {
    transforms: jsx ? ['typescript', 'jsx'] : ['typescript'],
    filePath: path,
    jsxRuntime: 'automatic',
    production: true,
    disableESTransforms: true,
  }).code
}

function rewriteImports(files: FileMap, path: string, code: string, parse: typeof import('es-module-lexer').parse) {
  const found: string[] = []
  const missing: string[] = []
  let rewritten = ''
  let last = 0
  for (const { n: specifier, s: start, e: end, d: dynamic } of parse(code)[0]) {
    if (specifier === undefined || dynamic === -2) continue
    const target = resolveModule(files, path, specifier)
    if (target === null) missing.push(`${path} imports “${specifier}”, which is not in the project.`)
    else {
      found.push(target)
      const quoted = JSON.stringify(`app:/${target}`)
      rewritten += code.slice(last, start) + (dynamic === -1 ? quoted.slice(1, -1) : quoted)
      last = end
    }
  }
  return { rewritten: rewritten + code.slice(last), found, missing }
}

function resolveModule(files: FileMap, from: string, specifier: string): string | null {
  if (!/^[./]/.test(specifier)) return null
  const base = specifier.startsWith('/') ? joinPath(specifier) : joinPath(dirname(from), specifier)
  if (base === null) return null
  const typescript = base.replace(/\.js(x?)$/, '.ts$1')
  return (
    [...extensions.map((extension) => base + extension), typescript, `public/${base}`].find((candidate) =>
      files.has(candidate),
    ) ?? null
  )
}
