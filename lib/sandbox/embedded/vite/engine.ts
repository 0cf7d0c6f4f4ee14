import * as esbuild from 'esbuild-wasm/esm/browser.js'
import type { MachineServices } from '../services/process-services'

export type Esbuild = typeof esbuild

export const engineVersion = esbuild.version

/** esbuild, started on first use: a start from cached dependencies does without it. */
export function createEngine(services: Pick<MachineServices, 'wasm'>): () => Promise<Esbuild> {
  let starting: Promise<Esbuild> | null = null
  return () => {
    starting ??= services.wasm('esbuild').then(async (wasmModule) => {
      // A Worker of its own would need a URL that the opaque origin does not give; this one has nothing else to do.
      await esbuild.initialize({ wasmModule, worker: false })
      return esbuild
    })
    return starting
  }
}
