import type { LoadPackage } from '@/lib/sandbox/embedded/packages/load-package'

/** The package registry as the page asks it, loaded when somebody asks. */
export function createPackageSource(): LoadPackage {
  let loader: Promise<LoadPackage> | null = null
  return async (request) => {
    loader ??= import('@/lib/sandbox/embedded/packages/load-package').then(({ createPackageLoader }) =>
      createPackageLoader(),
    )
    return (await loader)(request)
  }
}
