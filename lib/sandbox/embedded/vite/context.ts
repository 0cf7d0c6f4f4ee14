import type { MachineHost } from '../process/machine-host'
import type { ViteConfig } from './config/config'
import type { Esbuild } from './engine'
import type { PackageRunner } from './frameworks/compilers'
import type { Project } from './project'
import type { WebResolver } from './resolve'

/** What every part of the tool works with. */
export interface ViteContext {
  host: MachineHost
  project: Project
  config: ViteConfig
  resolver: WebResolver
  esbuild: () => Promise<Esbuild>
  runner: PackageRunner
  /** Of what is installed: results made from packages hold as long as it is the same. */
  packagesKey: string
  cache: { read(key: string): Promise<string | null>; write(key: string, text: string): void }
  warn(text: string): void
}
