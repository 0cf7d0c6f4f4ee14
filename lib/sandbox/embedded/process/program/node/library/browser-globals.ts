/**
 * Takes away what a Worker has and Node has not. Programs tell by names such as `self`, `importScripts` or `location`
 * where they run, and would take another path than in Node.
 */
export function hideBrowserGlobals(namesInNode: readonly string[]) {
  const kept = new Set(namesInNode)
  const root: unknown = Object.prototype
  let owner: object = globalThis
  while (owner !== root) {
    for (const name of Object.getOwnPropertyNames(owner)) {
      if (!kept.has(name) && name !== 'constructor') hide(owner, name)
    }
    owner = Object.getPrototypeOf(owner)
  }
}

function hide(owner: object, name: string) {
  // What all event targets have stays on their prototype; only the global object shows it no more.
  const isShared = owner !== globalThis && Object.getPrototypeOf(owner) === Object.prototype
  if (!isShared && Reflect.deleteProperty(owner, name)) return
  Reflect.defineProperty(globalThis, name, { value: undefined, writable: true, configurable: true, enumerable: false })
}
