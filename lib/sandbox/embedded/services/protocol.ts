/** WebAssembly that programs share; the page fetches it, the kernel compiles it once. */
export type WasmName = 'esbuild'

/** From a process to the kernel. */
export type ServiceRequest =
  | { type: 'need-wasm'; name: WasmName }
  | { type: 'cache-read'; id: number; key: string }
  | { type: 'cache-write'; key: string; data: Uint8Array }

/** From the kernel to a process. */
export type ServiceAnswer =
  | { type: 'wasm'; name: WasmName; module: WebAssembly.Module | null }
  | { type: 'cached'; id: number; data: Uint8Array | null }

/** From the kernel to the IDE page, which has network and storage. */
export type ServiceEvent = ServiceRequest

/** From the IDE page to the kernel. */
export type ServiceInput =
  | { type: 'wasm'; name: WasmName; bytes: ArrayBuffer | null }
  | { type: 'cached'; id: number; data: Uint8Array | null }
