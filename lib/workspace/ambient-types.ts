import { assetTypes } from './ambient/assets'
import { jestTypes } from './ambient/jest'
import { nodeGlobalTypes } from './ambient/node-globals'
import { nodeModuleTypes } from './ambient/node-modules'
import { testingTypes } from './ambient/testing'
import { vitestTypes } from './ambient/vitest'

/**
 * Declarations by file name for what runs in the sandbox without being installed: the test engine and Node's builtins.
 * Compact: the common parts are exact, the rest is `any`. Leave a file out when the project brings the package itself
 * (see `replacedBy`).
 */
export const ambientTypes: Readonly<Record<string, string>> = {
  'testing.d.ts': testingTypes,
  'vitest.d.ts': vitestTypes,
  'jest.d.ts': jestTypes,
  'node-globals.d.ts': nodeGlobalTypes,
  'node-modules.d.ts': nodeModuleTypes,
  'assets.d.ts': assetTypes,
}

/** Ambient file → packages that bring these types themselves, as paths that then exist in the project. */
export const replacedBy: Readonly<Record<string, readonly string[]>> = {
  'vitest.d.ts': ['node_modules/vitest/package.json'],
  'jest.d.ts': ['node_modules/@types/jest/package.json', 'node_modules/@jest/globals/package.json'],
  'node-globals.d.ts': ['node_modules/@types/node/package.json'],
  'node-modules.d.ts': ['node_modules/@types/node/package.json'],
  'assets.d.ts': ['node_modules/vite/client.d.ts'],
}
