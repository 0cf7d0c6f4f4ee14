import type { Runtime } from '../node/runtime'
import { defaultConfig, type Flavour, type TestConfig } from './config'
import { loadJestConfig } from './jest-config'
import { loadVitestConfig } from './vitest-config'

/** The project's settings for a runner; in CI snapshots are only compared. */
export async function loadConfig(
  runtime: Runtime,
  flavour: Flavour,
  path?: string,
  root?: string,
): Promise<TestConfig> {
  const { CI } = runtime.process.env
  const config =
    flavour === 'vitest'
      ? await loadVitestConfig(runtime, path, root)
      : flavour === 'jest'
        ? await loadJestConfig(runtime, path, root)
        : defaultConfig('node', runtime.process.cwd())
  return CI === undefined || CI === '' || CI === 'false' ? config : { ...config, snapshotUpdate: 'none' }
}
