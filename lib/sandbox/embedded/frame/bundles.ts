import { VitrineError } from '@/lib/base'
import type { BundleName } from '../protocol'
import type { WasmName } from '../services/protocol'

export interface Bundles {
  frameUrl: string
  /** The source of a bundle. The page fetches it, as the frame has no network. */
  load(name: BundleName | 'kernel'): Promise<string>
  loadWasm(name: WasmName): Promise<ArrayBuffer>
}

/** Reads the manifest that the build writes beside the bundles; its hashes make every URL safe to cache. */
export async function openBundles(baseUrl: string): Promise<Bundles> {
  const manifest: unknown = await (await fetchFile(`${baseUrl}/manifest.json`, 'no-cache')).json()
  const urlOf = (file: string) => {
    const hash = manifest instanceof Object && Object.hasOwn(manifest, file) ? Reflect.get(manifest, file) : undefined
    if (typeof hash !== 'string') throw new VitrineError('not_found', `The sandbox has no file “${file}”.`)
    return `${baseUrl}/${file}?v=${hash}`
  }
  return {
    frameUrl: urlOf('frame.html'),
    load: async (name) => (await fetchFile(urlOf(`${name}.js`), 'default')).text(),
    loadWasm: async (name) => (await fetchFile(urlOf(`${name}.wasm`), 'default')).arrayBuffer(),
  }
}

async function fetchFile(url: string, cache: RequestCache): Promise<Response> {
  const response = await fetch(url, { cache }).catch((cause) => {
    throw new VitrineError('offline', `${url} could not be loaded.`, { cause })
  })
  if (!response.ok) throw new VitrineError('not_found', `${url} could not be loaded (${response.status}).`)
  return response
}
