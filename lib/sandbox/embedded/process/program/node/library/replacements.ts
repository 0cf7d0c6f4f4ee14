import type { BindingContext } from '../binding/context'
import { natives } from '../natives'

type Require = <T = Record<string, unknown>>(id: string) => T

/** Internal modules whose work the sandbox does itself: module id → its exports. */
export const replacements: Record<string, (context: BindingContext, require: Require) => unknown> = {
  // Modules are loaded by `loader/`; these are what the rest of the library expects beside them.
  'internal/modules/cjs/loader': () => ({
    Module: class Module {},
    wrapSafe: () => undefined,
    initializeCJS: () => undefined,
  }),
  'internal/modules/esm/utils': () => ({
    initializeESM: () => undefined,
    registerModule: () => undefined,
    registerImportModuleDynamically: () => undefined,
    importModuleDynamicallyCallback: () => undefined,
    getDefaultConditions: () => ['node', 'import'],
  }),
  'internal/modules/run_main': () => ({}),
  'internal/modules/typescript': () => ({ stripTypeScriptModuleTypes: (code: string) => code }),
  'internal/crypto/webcrypto': () => ({
    crypto: natives.crypto,
    Crypto: natives.crypto.constructor,
    CryptoKey: globalThis.CryptoKey,
    SubtleCrypto: globalThis.SubtleCrypto,
  }),
}
