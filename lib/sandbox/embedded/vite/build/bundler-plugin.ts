import type { Loader, Plugin } from 'esbuild-wasm'
import { dataUrlOfFile } from '../../preview/mime-types'
import { basename, dirname } from '../../process/program/builtins/path'
import type { ViteContext } from '../context'
import { hashOf, isInPackages, scriptPattern, stylePattern } from '../paths'
import { toPlainCss } from '../transform/css'
import { renamedClasses } from '../transform/css-names'
import { expandDynamicImports } from '../transform/dynamic-imports'
import { loadModule, type ModuleKinds, workerModule } from '../transform/load-module'
import { bundleWorker } from './bundle-worker'

export interface BundlerOptions {
  isProduction: boolean
  /** Puts a file into the output and answers its address; null inlines everything. */
  assetUrl: ((path: string, bytes: Uint8Array) => string) | null
}

/** A CSS module by the names of its classes, not those that scripts know them by. */
const ownNames = '?own-names'

/** esbuild on the files of the machine, with the compilers and module kinds of this tool. */
export function bundlerPlugin(context: ViteContext, { isProduction, assetUrl }: BundlerOptions): Plugin {
  const { project, resolver, config } = context
  const componentStyles = new Map<string, string>()

  function urlOfAsset(path: string): string {
    const bytes = project.bytes(path)
    if (assetUrl === null || bytes.byteLength <= config.assetsInlineLimit) {
      return dataUrlOfFile(path, bytes)
    }
    return assetUrl(path, bytes)
  }

  const kinds: ModuleKinds = {
    isProduction,
    style: (_request, css) => `export default ${JSON.stringify(css)}`,
    componentStyle(id, css) {
      componentStyles.set(id, css)
      return `import ${JSON.stringify(`component-style:${id}`)};`
    },
    asset: (path) => `export default ${JSON.stringify(urlOfAsset(path))}`,
    async worker({ path, query }) {
      const source = JSON.stringify(await bundleWorker(path, context, { isProduction }))
      return workerModule(source, query)
    },
  }

  return {
    name: 'project',
    setup(setup) {
      setup.onResolve({ filter: /^component-style:/ }, ({ path }) => ({
        path: path.slice('component-style:'.length),
        namespace: 'component-style',
      }))
      setup.onResolve({ filter: /.*/ }, ({ path, importer, kind, namespace }) => {
        if (namespace === 'page' || kind === 'entry-point')
          return path.startsWith('page:') ? { path, namespace: 'page' } : resolved(path, importer, kind)
        if (/^(?:data|https?|blob):|^\/\//.test(path) || (kind === 'url-token' && path.startsWith('#')))
          return { path, external: true }
        return resolved(path, importer, kind)
      })
      const resolved = (path: string, importer: string, kind: string) => {
        const how = kind === 'require-call' || kind === 'require-resolve' ? 'require' : 'import'
        const isCss = kind === 'url-token' || kind === 'import-rule'
        const specifier =
          isCss && /^[^./~@]/.test(path) && project.isFile(`${dirname(importer)}/${path}`)
            ? `./${path}`
            : isCss
              ? path.replace(/^~(?!\/)/, '')
              : path
        const found = resolver.resolve(specifier, importer || `${config.root}/index.html`, how)
        if (found.kind === 'empty') return { path: 'empty', namespace: 'empty' }
        if (found.kind === 'missing') {
          if (kind === 'url-token') return { path, external: true }
          if (isInPackages(importer)) return { path, namespace: 'absent' }
          return { errors: [{ text: `“${path}” cannot be found. ${found.hint}` }] }
        }
        // Files of public/ keep their address.
        if (config.publicDir !== null && found.path.startsWith(`${config.publicDir}/`) && kind === 'url-token') {
          return { path: config.base + found.path.slice(config.publicDir.length + 1), external: true }
        }
        const sideEffects = sideEffectsOf(found.path)
        return {
          path: found.path,
          suffix: found.query,
          namespace: kind === 'url-token' ? 'asset' : 'file-in-project',
          ...sideEffects,
        }
      }
      const sideEffectsOf = (path: string): { sideEffects?: boolean } => {
        if (!isInPackages(path) || stylePattern.test(path)) return {}
        const field: unknown = Reflect.get(resolver.packageOf(path)?.json ?? {}, 'sideEffects')
        return field === false ? { sideEffects: false } : {}
      }
      setup.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'module.exports = {}' }))
      setup.onLoad({ filter: /.*/, namespace: 'absent' }, ({ path }) => ({
        contents: `throw new Error(${JSON.stringify(`“${path}” is not available in browsers.`)})`,
      }))
      setup.onLoad({ filter: /.*/, namespace: 'component-style' }, ({ path }) => ({
        contents: componentStyles.get(path) ?? '',
        loader: 'css',
        resolveDir: dirname(path),
      }))
      setup.onLoad({ filter: /.*/, namespace: 'asset' }, ({ path }) => assetResult(path))
      const assetResult = (path: string): { contents: string | Uint8Array; loader: Loader } => {
        const bytes = project.bytes(path)
        const isInline = assetUrl === null || bytes.byteLength <= config.assetsInlineLimit
        return { contents: bytes, loader: isInline ? 'dataurl' : 'file' }
      }
      setup.onLoad({ filter: /.*/, namespace: 'file-in-project' }, async ({ path, suffix }) => {
        if (stylePattern.test(path) && !/[?&](?:inline|raw|url)\b/.test(suffix)) {
          const css = await toPlainCss(project.readText(path), path, context)
          const isModule = /\.module\.\w+$/.test(path)
          if (isModule && config.cssLocals !== null && suffix === '') {
            return { contents: renamedClasses(css, `${path}${ownNames}`, config.cssLocals), loader: 'js' }
          }
          return { contents: css, loader: isModule ? 'local-css' : 'css', resolveDir: dirname(path) }
        }
        if (suffix === '' && isInPackages(path) && scriptPattern.test(path) && !/\.svelte\.[jt]s$/.test(path)) {
          const contents = expandDynamicImports(project.readText(path), { path, project, resolveAlias: (name) => name })
          return { contents, loader: packageLoader(path), resolveDir: dirname(path) }
        }
        const { code } = await loadModule({ path, query: suffix }, context, kinds)
        return { contents: code, loader: 'js', resolveDir: dirname(path) }
      })
    },
  }
}

function packageLoader(path: string): Loader {
  if (/\.[cm]?ts$/.test(path)) return 'ts'
  return path.endsWith('.tsx') ? 'tsx' : path.endsWith('.jsx') ? 'jsx' : 'js'
}

/** `name-hash.ext`, as in the output of builds. */
export function hashedName(path: string, bytes: Uint8Array): string {
  const name = basename(path)
  const dot = name.lastIndexOf('.')
  const text = Array.from(bytes.subarray(0, 65_536), (byte) => String.fromCharCode(byte)).join('')
  return `${name.slice(0, dot)}-${hashOf(text + bytes.byteLength)}${name.slice(dot)}`
}
