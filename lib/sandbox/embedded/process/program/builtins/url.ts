import { nodeError } from '../loader/errors'
import { toFileUrl } from '../loader/loader'
import { resolve } from './path'

/** `node:url`: the WHATWG classes of the platform and the file URL conversions. */
export function createUrlModule(): object {
  return {
    URL,
    URLSearchParams,
    fileURLToPath(value: string | URL) {
      const url = new URL(value)
      if (url.protocol !== 'file:')
        throw nodeError('ERR_INVALID_URL_SCHEME', 'The URL must be of scheme file', TypeError)
      return decodeURIComponent(url.pathname)
    },
    pathToFileURL: (path: string) => new URL(toFileUrl(resolve(path) + (path.endsWith('/') ? '/' : ''))),
  }
}
