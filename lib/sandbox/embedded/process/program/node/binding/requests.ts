import { createAsyncResource } from './async-resource'
import type { BindingContext } from './context'

/** One operation under way; Node's library sets `oncomplete`. */
export interface Request {
  complete(...values: unknown[]): void
}

/** Classes for requests, by the names that Node gives them. */
export function createRequests<Name extends string>(
  context: BindingContext,
  names: readonly Name[],
): Record<Name, new () => Request> {
  const AsyncResource = createAsyncResource(context)
  const entries = names.map((name) => {
    const named = {
      [name]: class extends AsyncResource implements Request {
        constructor() {
          super(name.toUpperCase())
        }
        /** In a turn of its own. */
        complete(...values: unknown[]): void {
          context.loop.defer(() => {
            const oncomplete: unknown = Reflect.get(this, 'oncomplete')
            if (typeof oncomplete === 'function') this.runInContext(() => oncomplete.apply(this, values))
            this.destroyAsyncId()
          })
        }
      },
    }
    return [name, named[name]] as const
  })
  return Object.fromEntries(entries) as unknown as Record<Name, new () => Request>
}
