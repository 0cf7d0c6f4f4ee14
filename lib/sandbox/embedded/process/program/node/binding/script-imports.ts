import { placesOfImports, replaceAll } from '../../loader/emit'
import type { BindingContext } from './context'

type Importer = (specifier: string, options?: { with?: object }) => Promise<unknown>

/** A global, as the calls stand in code of any scope: the importers of scripts that import, by number. */
export const scriptImportsName = '__vitrineScriptImports'

interface Registry {
  importModuleDynamically?: (specifier: string, referrer: object, attributes: object) => Promise<unknown>
}

export interface ScriptImports {
  /** Says what asks: a script, or a function that was compiled. Given once it exists. */
  referrer(): object
  /** Node's symbol for how it imports; undefined for the library's own scripts. */
  id: unknown
}

/** The code of a script with each `import()` as a call of what its maker gave as `importModuleDynamically`. */
export function withScriptImports(context: BindingContext, code: string, { referrer, id }: ScriptImports): string {
  const { symbols } = context
  const usesLoader =
    id === undefined ||
    id === symbols.vm_dynamic_import_main_context_default ||
    id === symbols.vm_dynamic_import_default_internal
  if (usesLoader || !/\bimport\s*\(/.test(code)) return code
  // None where the text is no module either: an error of syntax is found by who runs it.
  const places = placesOfImports(code) ?? []
  if (places.length === 0) return code
  const number = importers().push(async (specifier, options) => {
    const utils = context.require<{ registryOf(referrer: object): Registry | undefined }>('internal/modules/esm/utils')
    const isMissingFlag = id === symbols.vm_dynamic_import_missing_flag
    const { importModuleDynamically } = (isMissingFlag ? undefined : utils.registryOf(referrer())) ?? {}
    if (importModuleDynamically === undefined)
      throw context.nodeError(`ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING${isMissingFlag ? '_FLAG' : ''}`)
    const attributes = Object.assign(Object.create(null), options?.with) as object
    return importModuleDynamically(`${specifier}`, referrer(), attributes)
  })
  const text = `${scriptImportsName}[${number - 1}]`
  return replaceAll(
    code,
    places.map((start) => ({ start, end: start + 'import'.length, text })),
  )
}

function importers(): Importer[] {
  const known: unknown = Reflect.get(globalThis, scriptImportsName)
  if (Array.isArray(known)) return known as Importer[]
  const made: Importer[] = []
  Object.defineProperty(globalThis, scriptImportsName, { value: made })
  return made
}
