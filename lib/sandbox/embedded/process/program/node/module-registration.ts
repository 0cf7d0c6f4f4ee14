import type { Customization, Loaded } from '../loader/customized-imports'
import type { Loader } from '../loader/loader'
import { setCascadedLoader } from './cascaded-loader'
import type { Library } from './library/library'

/** Node's own chain of hooks. */
interface Hooks extends Pick<Customization, 'resolve' | 'load'> {
  register(specifier: string, parentUrl: string, data?: unknown): Promise<void>
}

export interface ModuleRegistration {
  /** `module.register`: hooks apply to what is imported from now on. */
  register(specifier: unknown, parentUrl?: unknown, options?: unknown): void
  /** Settles when all that was registered so far is in place. */
  settled(): Promise<void>
  /** The registry that hooks themselves are loaded by: they share no modules with the program. */
  ofHooks(): Loader
}

const formats = new Set(['builtin', 'commonjs', 'commonjs-typescript', 'json', 'module', 'module-typescript', 'wasm'])

/**
 * Hooks of `module.register`. Node runs them in a thread of their own, so that `require` can wait for them; here they
 * run between the program's turns, with modules of their own, and `import` waits.
 */
export function createModuleRegistration(
  library: Library,
  loader: Loader,
  createLoader: () => Loader,
): ModuleRegistration {
  let hooks: Hooks | undefined
  let own: Loader | undefined
  let last: Promise<void> = Promise.resolve()

  /** A turn later, so that messages to the hooks that were sent before have come. */
  async function ready() {
    await last
    await new Promise<void>((resolve) => library.loop.defer(resolve))
  }

  function start(): Hooks {
    if (hooks !== undefined) return hooks
    const { Hooks } = library.require<{ Hooks: new () => Hooks }>('internal/modules/esm/hooks')
    const chain = new Hooks()
    hooks = chain
    own = createLoader()
    const ofHooks = own
    setCascadedLoader(library, ofHooks)
    const customization: Customization = {
      resolve: (specifier, parentUrl, attributes) => chain.resolve(specifier, parentUrl, attributes),
      load: (url, context) => chain.load(url, context),
      refusal: (loaded, url) => refusalOf(library, loaded, url),
    }
    ofHooks.customize(customization, () => Promise.resolve())
    loader.customize(customization, ready)
    return chain
  }

  function register(specifier: unknown, parentUrl?: unknown, options?: unknown) {
    const isOptions = typeof parentUrl === 'object' && parentUrl !== null && !(parentUrl instanceof URL)
    const { parentURL, data, transferList } = ((isOptions ? parentUrl : options) ?? {}) as {
      parentURL?: unknown
      data?: unknown
      transferList?: Transferable[]
    }
    const from = String((isOptions ? parentURL : parentUrl) ?? 'data:')
    const chain = start()
    const copy = data === undefined ? undefined : structuredClone(data, { transfer: transferList ?? [] })
    const before = last
    last = before.then(() => chain.register(String(specifier), from, copy))
    const release = library.context.hold()
    last.then(release, release)
    // Node throws while the program waits in `register`.
    last.catch((error: unknown) => library.context.reportUncaught(error))
  }

  return {
    register,
    settled: () => last,
    ofHooks() {
      start()
      return own as Loader
    },
  }
}

/** What Node's translators refuse. */
function refusalOf({ context }: Library, { format, source }: Loaded, url: string): Error | null {
  if (!formats.has(format)) return context.nodeError('ERR_UNKNOWN_MODULE_FORMAT', format, url)
  const isText = typeof source === 'string' || ArrayBuffer.isView(source) || source instanceof ArrayBuffer
  if (isText || format === 'builtin' || (format === 'commonjs' && source == null)) return null
  return context.nodeError(
    'ERR_INVALID_RETURN_PROPERTY_VALUE',
    'string, array buffer, or typed array',
    'load',
    'source',
    source,
  )
}
