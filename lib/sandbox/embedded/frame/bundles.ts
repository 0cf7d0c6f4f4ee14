import { VitrineError } from '@/lib/base'
import { isFirefox } from '../engine'
import type { BuiltFile, BundleAssets, BundleName } from '../protocol'
import type { WasmName } from '../services/protocol'

/** The sources of Node's library, for all Workers that run programs of the project. */
const libraryFile = 'node-library.txt'

export interface Bundles {
  frameUrl: string
  /** A bundle's script. The page fetches it, as the frame has no network, and hands it on unread. */
  load(name: BundleName | 'kernel'): Promise<BuiltFile>
  loadWasm(name: WasmName): Promise<ArrayBuffer>
  /** Also the files that the bundle works with. */
  loadWithAssets(name: BundleName): Promise<{ source: BuiltFile; assets?: BundleAssets }>
}

/** What a bundle needs beside its script. */
const assetNames: Partial<Record<BundleName, readonly string[]>> = {
  process: [libraryFile],
  python: ['python-core.js', 'python-core.wasm', 'python-stdlib.zip'],
}

/** Reads the manifest that the build writes beside the bundles; its hashes make every URL safe to cache. */
export async function openBundles(baseUrl: string): Promise<Bundles> {
  const manifest: unknown = await (await fetchFile(`${baseUrl}/manifest.json`, 'no-cache')).json()
  const urlOf = (file: string) => {
    const hash = manifest instanceof Object && Object.hasOwn(manifest, file) ? Reflect.get(manifest, file) : undefined
    if (typeof hash !== 'string') throw new VitrineError('not_found', `The sandbox has no file “${file}”.`)
    return `${baseUrl}/${file}?v=${hash}`
  }
  const load = (name: BundleName | 'kernel') => readFile(urlOf(`${name}.js`))
  return {
    frameUrl: urlOf('frame.html'),
    loadWasm: async (name) => (await fetchFile(urlOf(`${name}.wasm`), 'default')).arrayBuffer(),
    load,
    async loadWithAssets(name) {
      const names = assetNames[name] ?? []
      const [source, ...files] = await Promise.all([load(name), ...names.map((file) => readFile(urlOf(file)))])
      if (files.length === 0) return { source }
      return { source, assets: Object.fromEntries(files.map((file, index) => [names[index], file])) }
    },
  }
}

/**
 * In Firefox a Blob of more than 1 MB that came over a port is empty once the sender's own was collected, and a Worker that
 * starts from it never says a word. So bytes go there.
 */
async function readFile(url: string): Promise<BuiltFile> {
  const response = await fetchFile(url, 'default')
  return isFirefox() ? response.arrayBuffer() : response.blob()
}

async function fetchFile(url: string, cache: RequestCache): Promise<Response> {
  const response = await fetch(url, { cache }).catch((cause) => {
    throw new VitrineError('offline', `${url} could not be loaded.`, { cause })
  })
  if (!response.ok) throw new VitrineError('not_found', `${url} could not be loaded (${response.status}).`)
  return response
}
