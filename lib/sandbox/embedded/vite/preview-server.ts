import type { BridgeHandler, BridgeResponse } from '../preview/bridge/server'
import { mimeTypeOf } from '../preview/mime-types'
import { resolve } from '../process/program/builtins/path'
import type { ViteContext } from './context'

/** `vite preview`: the built pages, as a plain web server would give them. */
export function createPreviewServer({ project, config }: ViteContext): BridgeHandler {
  return {
    async request({ url, headers }): Promise<BridgeResponse> {
      const base = config.base.startsWith('/') ? config.base : '/'
      if (!url.pathname.startsWith(base)) return { status: 302, headers: [['location', base]], body: null }
      const path = decodeURIComponent(url.pathname.slice(base.length))
      const candidates = [
        path === '' || path.endsWith('/') ? `${path}index.html` : path,
        `${path}.html`,
        `${path}/index.html`,
      ]
      const isPage = headers.get('sec-fetch-dest') === 'document' || (headers.get('accept') ?? '').includes('text/html')
      if (config.spa && isPage && !/\.\w+$/.test(path)) candidates.push('index.html')
      const file = candidates.map((candidate) => resolve(config.outDir, `./${candidate}`)).find(project.isFile)
      if (file === undefined || !file.startsWith(`${config.outDir}/`)) {
        return {
          status: 404,
          headers: [['content-type', 'text/plain; charset=utf-8']],
          body: `There is no ${url.pathname} in the build.`,
        }
      }
      return { status: 200, headers: [['content-type', mimeTypeOf(file)]], body: project.bytes(file) }
    },
  }
}
