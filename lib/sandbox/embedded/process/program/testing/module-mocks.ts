import type { Namespace } from '../loader/interop'

/** How a module is replaced; `actual` means that it is not, although something wider says so. */
export type Mock =
  | { kind: 'factory'; factory: (importOriginal: () => unknown) => unknown; specifier: string }
  | { kind: 'automock' | 'spy' | 'actual' }

/** The replacements of one test file, by module id, with what they were made into. */
export interface ModuleMocks {
  get(id: string): Mock | undefined
  set(id: string, mock: Mock): void
  delete(id: string): void
  /** Made once until the mock or the module registry is reset. */
  made: Map<string, unknown>
  automockAll: boolean
}

export function createModuleMocks(): ModuleMocks {
  const mocks = new Map<string, Mock>()
  const made = new Map<string, unknown>()
  return {
    get: (id) => mocks.get(id),
    set(id, mock) {
      made.delete(id)
      mocks.set(id, mock)
    },
    delete(id) {
      made.delete(id)
      mocks.delete(id)
    },
    made,
    automockAll: false,
  }
}

/** What a vitest factory gave, as a namespace that says which export is missing. */
export function guardFactoryResult(result: unknown, specifier: string): Namespace {
  if (typeof result !== 'object' || result === null || Array.isArray(result)) {
    throw new Error(
      `[vitest] vi.mock("${specifier}", factory?: () => unknown) is not returning an object. Did you mean to return an object with a "default" key?`,
    )
  }
  return new Proxy(result as Namespace, {
    get(target, key, receiver) {
      if (key in target) return Reflect.get(target, key, receiver)
      if (typeof key === 'symbol' || key === 'then' || key === '__esModule') return undefined
      throw new Error(missingExport(key, specifier))
    },
  })
}

function missingExport(name: string, specifier: string): string {
  return `[vitest] No "${name}" export is defined on the "${specifier}" mock. Did you forget to return it from "vi.mock"?
If you need to partially mock a module, you can use "importOriginal" helper inside:

vi.mock(import("${specifier}"), async (importOriginal) => {
  const actual = await importOriginal()
  return {
    ...actual,
    // your mocked methods
  }
})
`
}
