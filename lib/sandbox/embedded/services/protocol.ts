/** WebAssembly that programs share; the page fetches it, the kernel compiles it once. */
export type WasmName = 'esbuild'

/** A program that answers the preview's requests on a port. */
export interface ServerInfo {
  port: number
  pid: number
  /** What to call it, e.g. `vite`. */
  name: string
}

/** From a process to the kernel. */
export type ServiceRequest =
  | { type: 'need-wasm'; name: WasmName }
  | { type: 'cache-read'; id: number; key: string }
  | { type: 'cache-write'; key: string; data: Uint8Array }
  | { type: 'listen'; port: number; name: string }

/** From the kernel to a process. */
export type ServiceAnswer =
  | { type: 'wasm'; name: WasmName; module: WebAssembly.Module | null }
  | { type: 'cached'; id: number; data: Uint8Array | null }
  /** Whether the port asked for is now this process's. */
  | { type: 'listening'; port: number; ok: boolean }
  /** Comes with a MessagePort that speaks the preview's bridge protocol. */
  | { type: 'connection'; port: number }

/** From the kernel to the IDE page, which has network and storage. */
export type ServiceEvent =
  | { type: 'need-wasm'; name: WasmName }
  | { type: 'cache-read'; id: number; key: string }
  | { type: 'cache-write'; key: string; data: Uint8Array }
  /** All servers of a machine, whenever that changes. */
  | { type: 'servers'; machine: number; servers: ServerInfo[] }

/** From the IDE page to the kernel. */
export type ServiceInput =
  | { type: 'wasm'; name: WasmName; bytes: ArrayBuffer | null }
  | { type: 'cached'; id: number; data: Uint8Array | null }
  /** Comes with a MessagePort, which goes to the server on this port or is closed. */
  | { type: 'connect'; machine: number; port: number }
