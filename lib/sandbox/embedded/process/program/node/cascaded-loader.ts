import { toPath } from '../loader/file-url'
import type { Loader } from '../loader/loader'
import type { Library } from './library/library'

/** What the library itself imports by from now on: reporters of tests, test files that share a process, hooks on modules. */
export function setCascadedLoader({ require }: Library, loader: Loader): void {
  require<{ setCascadedLoader(loader: object): void }>('internal/modules/esm/loader').setCascadedLoader({
    // The parent may be a folder.
    import: (specifier: string, parentUrl = 'file:///') =>
      loader.importFrom(specifier, toPath(parentUrl).replace(/\/$/, '/_')),
  })
}
