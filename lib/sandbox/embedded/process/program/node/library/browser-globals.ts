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
      else if (owner !== globalThis && name !== 'constructor') bringHome(owner, name)
    }
    owner = Object.getPrototypeOf(owner)
  }
}

/** In Node the global object has all of them itself. */
function bringHome(owner: object, name: string) {
  if (!Object.hasOwn(globalThis, name)) {
    const value: unknown = Reflect.get(globalThis, name)
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: true })
  }
  Reflect.deleteProperty(owner, name)
}

function hide(owner: object, name: string) {
  // What all event targets have stays on their prototype; only the global object shows it no more.
  const isShared = owner !== globalThis && Object.getPrototypeOf(owner) === Object.prototype
  if (!isShared && Reflect.deleteProperty(owner, name)) return
  Reflect.defineProperty(globalThis, name, { value: undefined, writable: true, configurable: true, enumerable: false })
}
