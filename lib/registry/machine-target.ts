/**
 * What packages are chosen for. No native program runs here, so the processor is WebAssembly's: of packages that come in
 * one build for each processor, npm then takes the `wasm32` one and passes the others over.
 */
export const machineTarget = { os: 'linux', cpu: 'wasm32', libc: 'glibc' } as const

export const nodeVersion = 'v22.23.2'
export const npmVersion = '11.19.1'
