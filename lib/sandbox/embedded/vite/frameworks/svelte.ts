import type { PackageRunner } from './compilers'

interface SvelteCompiler {
  compile(
    source: string,
    options: object,
  ): { js: { code: string }; css: { code: string } | null; warnings: SvelteWarning[] }
  compileModule(source: string, options: object): { js: { code: string } }
  preprocess(source: string, preprocessors: object, options: object): Promise<{ code: string }>
}
interface SvelteWarning {
  message: string
  filename?: string
  start?: { line: number }
}

export interface SvelteOptions {
  path: string
  isProduction: boolean
  root: string
  preprocess(css: string, lang: string): Promise<string>
  stripTypes(code: string, path: string): Promise<string>
  onWarning(text: string): void
}

/** Components, and modules with runes (`.svelte.js`). */
export async function compileSvelte(source: string, runner: PackageRunner, options: SvelteOptions): Promise<string> {
  const entry = runner.find('svelte/compiler', 'require')
  if (entry === null) throw new Error('Svelte components need the package “svelte”; run npm install.')
  const compiler = runner.runScript(entry) as unknown as SvelteCompiler
  const { path, isProduction, root } = options
  const shared = {
    filename: path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path,
    generate: 'client',
    dev: !isProduction,
  }
  if (/\.svelte\.[jt]s$/.test(path)) {
    const code = path.endsWith('.ts') ? await options.stripTypes(source, path) : source
    return compiler.compileModule(code, shared).js.code
  }
  const { code } = await compiler.preprocess(
    source,
    {
      style: async ({ content, attributes }: { content: string; attributes: Record<string, string> }) =>
        attributes.lang === undefined || attributes.lang === 'css'
          ? undefined
          : { code: await options.preprocess(content, attributes.lang) },
    },
    { filename: shared.filename },
  )
  const isPackage = path.includes('/node_modules/')
  const compiled = compiler.compile(code, { ...shared, css: 'injected', hmr: !isProduction && !isPackage })
  for (const { message, start } of isPackage ? [] : compiled.warnings) {
    options.onWarning(`${shared.filename}:${start?.line ?? 1} ${message}`)
  }
  return compiled.js.code
}
