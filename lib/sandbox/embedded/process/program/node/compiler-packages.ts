import { toPath } from '../loader/file-url'
import type { Loader } from '../loader/loader'

const nothing = () => ({})

/**
 * Packages that compile TypeScript and JSX as files are loaded, with a native esbuild or swc. The loader does that work
 * itself, so they are there, installed or not, and have nothing left to do.
 */
const packages: Record<string, (loader: Loader) => unknown> = {
  tsx: nothing,
  'tsx/cjs': nothing,
  'tsx/esm': nothing,
  'tsx/preflight': nothing,
  'tsx/cjs/api': (loader) => ({
    register: () => Object.assign(() => undefined, { unregister: () => undefined, require: requireFrom(loader) }),
    require: requireFrom(loader),
  }),
  'tsx/esm/api': (loader) => ({
    register: () =>
      Object.assign(async () => undefined, { unregister: async () => undefined, import: importFrom(loader) }),
    tsImport: importFrom(loader),
  }),
  'esbuild-register': nothing,
  'esbuild-register/loader': nothing,
  'esbuild-register/dist/node': () => ({ register: () => ({ unregister: () => undefined }) }),
  'esbuild-runner/register': nothing,
  '@esbuild-kit/cjs-loader': nothing,
  '@esbuild-kit/esm-loader': nothing,
  '@swc-node/register': nothing,
  '@swc-node/register/esm': nothing,
  '@swc-node/register/esm-register': nothing,
  '@swc/register': nothing,
}

export const isCompilerPackage = (name: string) => Object.hasOwn(packages, name)

export const loadCompilerPackage = (name: string, loader: Loader): unknown => packages[name]?.(loader)

/** `from` is the file that asks, or its URL. */
const requireFrom = (loader: Loader) => (id: string, from: string | URL) => loader.createRequire(from)(id)

const importFrom = (loader: Loader) => (specifier: string, from: string | { parentURL: string }) => {
  const parent = typeof from === 'string' ? from : from.parentURL
  return loader.importFrom(specifier, toPath(parent))
}
