import { transform } from 'sucrase'
import { createPathModule, dirname, extname, resolve } from '../../process/program/builtins/path'
import type { Project } from '../project'
import { loadEnv } from './env'

const frameworks = ['react', 'preact', 'vue', 'svelte', 'solid'] as const
export type Framework = (typeof frameworks)[number]

/** What calling a plugin's function answers here: who it is; its hooks are not run. */
export interface PluginMarker {
  vitrinePlugin: string
  options: unknown
}

type AsyncFunctionConstructor = new (...parameters: string[]) => (...values: unknown[]) => Promise<unknown>
const AsyncFunction = (async () => undefined).constructor as AsyncFunctionConstructor

export interface EvaluateOptions {
  env: Record<string, string>
  command: 'serve' | 'build'
  mode: string
}

/** Runs a config file, here in the process, and answers what it exports; functions are called as vite would. */
export async function evaluateConfig(project: Project, path: string, options: EvaluateOptions): Promise<unknown> {
  const loaded = new Map<string, Promise<Record<string, unknown>>>()
  const { command, mode, env } = options

  async function loadFile(file: string): Promise<Record<string, unknown>> {
    const known = loaded.get(file)
    if (known) return known
    const loading = runFile(file)
    loaded.set(file, loading)
    return loading
  }

  async function runFile(file: string): Promise<Record<string, unknown>> {
    const text = project.readText(file)
    if (extname(file) === '.json') return { default: JSON.parse(text) }
    const url = `file://${file}`
    const { code } = transform(text, { transforms: ['typescript', 'imports'], filePath: file })
    const specifiers = [...code.matchAll(/\brequire\(\s*(['"])([^'"]+)\1\s*\)/g)].map((match) => match[2] ?? '')
    const modules = new Map<string, unknown>()
    for (const specifier of specifiers) modules.set(specifier, await loadModule(specifier, file))
    const module: { exports: Record<string, unknown> } = { exports: {} }
    const meta = { url, dirname: dirname(file), filename: file, env: {} }
    const run = new AsyncFunction(
      'module',
      'exports',
      'require',
      '__filename',
      '__dirname',
      'process',
      '__importMeta',
      `${code.replace(/\bimport\.meta\b/g, '__importMeta')}\n//# sourceURL=${file}`,
    )
    const process = {
      env,
      cwd: () => project.root,
      platform: 'linux',
      argv: ['node', 'vite'],
      versions: { node: '22.0.0' },
    }
    await run(module, module.exports, (name: string) => modules.get(name), file, dirname(file), process, meta)
    return module.exports
  }

  async function loadModule(specifier: string, importer: string): Promise<unknown> {
    if (/^[./]/.test(specifier)) {
      const target = resolve(dirname(importer), specifier)
      const file = ['', '.ts', '.mts', '.js', '.mjs', '.json'].map((end) => target + end).find(project.isFile)
      if (!file) throw new Error(`${importer} imports “${specifier}”, which is not in the project.`)
      return loadFile(file)
    }
    const name = specifier.replace(/^node:/, '')
    return builtins(name) ?? vite(name) ?? pluginModule(specifier)
  }

  function builtins(name: string): unknown {
    switch (name) {
      case 'path':
      case 'path/posix':
        return { __esModule: true, ...createPathModule(), default: createPathModule() }
      case 'url': {
        const url = {
          fileURLToPath: (value: string | URL) => decodeURIComponent(String(value).replace(/^file:\/\//, '')),
          pathToFileURL: (value: string) => new URL(`file://${value}`),
          URL,
        }
        return { __esModule: true, ...url, default: url }
      }
      case 'fs': {
        const fs = {
          readFileSync: (file: string) => project.readText(file),
          existsSync: (file: string) => project.isFile(file),
        }
        return { __esModule: true, ...fs, default: fs }
      }
      case 'process':
        return { __esModule: true, default: { env, cwd: () => project.root }, env, cwd: () => project.root }
      default:
        return null
    }
  }

  function vite(name: string): unknown {
    if (!/^(vite|vitest\/config|rolldown-vite|@solidjs\/start\/config)$/.test(name)) return null
    const prefixed = (values: Record<string, string>, prefixes: string[]) =>
      Object.fromEntries(Object.entries(values).filter(([key]) => prefixes.some((prefix) => key.startsWith(prefix))))
    return {
      __esModule: true,
      defineConfig: (config: unknown) => config,
      loadEnv: (envMode: string, _folder: string, prefixes: string | string[] = 'VITE_') =>
        prefixed({ ...loadEnv(project, envMode, env), ...env }, [prefixes].flat()),
      mergeConfig: (first: object, second: object) => merge(first, second),
      searchForWorkspaceRoot: () => project.root,
      normalizePath: (value: string) => value,
      version: '8.3.4',
    }
  }

  const exported = await loadFile(path)
  const config = exported.default ?? exported
  return typeof config === 'function' ? config({ command, mode, isSsrBuild: false, isPreview: false }) : config
}

/** Any export of a plugin's package is a function that says whose it is. */
function pluginModule(name: string): unknown {
  const toMarker = (options: unknown): PluginMarker => ({ vitrinePlugin: name, options })
  // PostCSS takes the function of a plugin as well as what it answers.
  const marker = Object.assign(toMarker, { vitrinePlugin: name })
  return new Proxy(marker, {
    get: (target, key) => {
      if (key === '__esModule') return true
      if (key === 'then') return undefined
      return key === 'default' || typeof key === 'string' ? marker : Reflect.get(target, key)
    },
  })
}

function merge(first: object, second: object): object {
  const merged: Record<string, unknown> = { ...first }
  for (const [key, value] of Object.entries(second)) {
    const before = merged[key]
    if (Array.isArray(before) && Array.isArray(value)) merged[key] = [...before, ...value]
    else if (isPlain(before) && isPlain(value)) merged[key] = merge(before, value)
    else merged[key] = value
  }
  return merged
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof RegExp)
}
