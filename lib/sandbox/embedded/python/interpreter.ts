import { loadPyodide, type PyodideAPI } from 'pyodide'

/** What the page brings beside the bundle; the core comes compiled. */
export interface PythonAssets {
  'python-core.js': Uint8Array
  'python-core.wasm': WebAssembly.Module
  'python-stdlib.zip': Uint8Array
}

let booting: Promise<PyodideAPI> | null = null

/** Starts the interpreter, once a Worker. */
export function bootInterpreter(assets: Record<string, unknown>): void {
  booting ??= boot(assets as unknown as PythonAssets)
  // Whoever waits for it hears of a failure.
  booting.catch(() => undefined)
}

export function interpreter(): Promise<PyodideAPI> {
  if (!booting) throw new Error('Python was not loaded.')
  return booting
}

async function boot(assets: PythonAssets): Promise<PyodideAPI> {
  const url = URL.createObjectURL(new Blob([assets['python-core.js'].slice()], { type: 'text/javascript' }))
  const core: { default: unknown } = await import(url)
  const restore = replaceNetwork(assets)
  try {
    return await loadPyodide({
      indexURL: 'https://python.invalid/',
      lockFileContents: JSON.stringify({
        info: {
          abi_version: '2026_0',
          arch: 'wasm32',
          platform: 'emscripten_5_0_3',
          python: '3.14.2',
          version: '314.0.7',
        },
        packages: {},
      }),
      packageBaseUrl: 'https://python.invalid/',
      createPyodideModule: core.default,
      env: { HOME: '/home/project', PYTHONDONTWRITEBYTECODE: '1', PYTHONINSPECT: '' },
    } as Parameters<typeof loadPyodide>[0])
  } finally {
    restore()
  }
}

/** Pyodide fetches its parts; here they have come with the Worker. */
function replaceNetwork(assets: PythonAssets): () => void {
  const { fetch } = globalThis
  const { instantiateStreaming } = WebAssembly
  globalThis.fetch = async (input) => {
    const name = String(input instanceof Request ? input.url : input)
    if (name.endsWith('.zip')) return new Response(assets['python-stdlib.zip'].slice())
    return new Response('')
  }
  WebAssembly.instantiateStreaming = async (_source, imports) => {
    const module = assets['python-core.wasm']
    return { module, instance: await WebAssembly.instantiate(module, imports) }
  }
  return () => {
    globalThis.fetch = fetch
    WebAssembly.instantiateStreaming = instantiateStreaming
  }
}
