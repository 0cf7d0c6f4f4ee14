import type { PackageSpec } from 'npm-package-arg'
import npa from 'npm-package-arg'
import { type PickOptions, pickFor } from '../registry/pick'

/** npm's library asks for manifests here; everything else it could ask for is done elsewhere. */
export function manifest(spec: PackageSpec | string, options: PickOptions): Promise<Record<string, unknown>> {
  return pickFor(typeof spec === 'string' ? npa(spec) : spec, options)
}
