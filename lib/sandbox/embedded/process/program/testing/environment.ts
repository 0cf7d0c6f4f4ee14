import { errorAt } from '../loader/errors'
import type { Loader } from '../loader/loader'
import type { Runtime } from '../node/runtime'
import type { TestConfig } from './config'

/** Undoes what an environment put on `globalThis`. */
export type TearDown = () => void | Promise<void>

interface DomWindow {
  document: unknown
  close?(): void
  happyDOM?: { abort(): Promise<void> }
}

const pragma = /@(?:vitest|jest)-environment\s+([\w@/-]+)/

/** The environment that a test file asks for in its first comments, else the config's. */
export function environmentOf(text: string, config: TestConfig): string {
  const comments = /^(?:\s*(?:\/\*[\s\S]*?\*\/|\/\/[^\n]*))+/.exec(text)?.[0] ?? ''
  const asked = pragma.exec(comments)?.[1]
  return (asked ?? config.environment).replace(/^jest-environment-/, '')
}

/** Puts a DOM from the project's own node_modules on `globalThis`; `node` needs nothing. */
export async function setUpEnvironment(
  name: string,
  loader: Loader,
  { config, runtime }: { config: TestConfig; runtime: Runtime },
): Promise<TearDown> {
  if (name === 'node') return () => undefined
  if (name !== 'happy-dom' && name !== 'jsdom') {
    throw errorAt(
      new Error(`The environment "${name}" is not available here. Use "node", "happy-dom" or "jsdom".`),
      null,
    )
  }
  const found = loader.resolver.resolve(name, `${config.root}/package.json`, 'import')
  if (found.kind !== 'file') {
    throw errorAt(new Error(`The environment "${name}" needs the package of that name: npm install -D ${name}`), null)
  }
  const module = (await loader.import(found.path)) as Record<string, unknown>
  const window = name === 'jsdom' ? openJsdom(module, config) : openHappyDom(module, config)
  const restore = putOnGlobal(window, runtime)
  return async () => {
    restore()
    if (window.happyDOM !== undefined) await window.happyDOM.abort()
    else window.close?.()
  }
}

type Constructor = new (...values: unknown[]) => Record<string, unknown>

function openHappyDom(module: Record<string, unknown>, { environmentOptions }: TestConfig): DomWindow {
  const Window = module.Window as Constructor
  const options = { url: 'http://localhost:3000', console, ...(environmentOptions.happyDOM as object) }
  return new Window(options) as unknown as DomWindow
}

function openJsdom(module: Record<string, unknown>, { environmentOptions }: TestConfig): DomWindow {
  const { JSDOM, VirtualConsole } = (module.JSDOM === undefined ? module.default : module) as Record<
    string,
    Constructor
  >
  const { html = '<!DOCTYPE html>', ...given } = { ...environmentOptions, ...(environmentOptions.jsdom as object) } as {
    html?: string
  }
  const virtualConsole = VirtualConsole === undefined ? undefined : new VirtualConsole()
  const forward = virtualConsole?.sendTo ?? virtualConsole?.forwardTo
  if (typeof forward === 'function') forward.call(virtualConsole, console)
  if (JSDOM === undefined) throw new Error('The package "jsdom" exports no JSDOM.')
  const dom = new JSDOM(html, {
    pretendToBeVisual: true,
    resources: undefined,
    runScripts: 'dangerously',
    url: 'http://localhost:3000',
    virtualConsole,
    ...given,
  })
  return dom.window as DomWindow
}

/** Stay as they are: the language, Node, and what the runner itself stands on. */
const kept = new Set(
  (
    'undefined NaN Infinity eval globalThis console process Buffer global require module exports setTimeout clearTimeout setInterval clearInterval setImmediate clearImmediate queueMicrotask structuredClone performance crypto fetch Request Response Headers URL URLSearchParams TextEncoder TextDecoder ' +
    'Worker postMessage close onmessage name origin constructor'
  ).split(' '),
)
const languageGlobals = new Set(
  Object.getOwnPropertyNames(globalThis).filter((name) =>
    /^(Object|Function|Array|Number|Boolean|String|Symbol|Date|Promise|RegExp|\w*Error|JSON|Math|Intl|\w*Array(Buffer)?|DataView|Map|Set|Weak\w+|BigInt|Proxy|Reflect|Atomics|WebAssembly|Iterator|parse\w+|is\w+|(en|de)codeURI\w*|(un)?escape)$/.test(
      name,
    ),
  ),
)

function putOnGlobal(window: DomWindow, { process }: Runtime): () => void {
  const saved = new Map<PropertyKey, PropertyDescriptor | undefined>()
  const set = (name: PropertyKey, descriptor: PropertyDescriptor) => {
    const own = Object.getOwnPropertyDescriptor(globalThis, name)
    if (own !== undefined && !own.configurable) return
    saved.set(name, own)
    Object.defineProperty(globalThis, name, { ...descriptor, configurable: true })
  }
  const names = new Set<PropertyKey>()
  for (
    let source: object | null = window;
    source !== null && source !== Object.prototype;
    source = Object.getPrototypeOf(source) as object | null
  ) {
    for (const name of Object.getOwnPropertyNames(source)) names.add(name)
  }
  for (const name of names) {
    const text = String(name)
    if (kept.has(text) || languageGlobals.has(text) || text.startsWith('_')) continue
    const isMethod = /^[a-z]/.test(text) && typeof Reflect.get(window, name) === 'function'
    const bound = isMethod ? (Reflect.get(window, name) as (...values: unknown[]) => unknown).bind(window) : undefined
    set(name, {
      get: () => bound ?? Reflect.get(window, name),
      set: (value: unknown) => set(name, { value, writable: true, enumerable: true }),
    })
  }
  for (const name of ['window', 'self', 'top', 'parent']) set(name, { value: globalThis, writable: true })
  process.env.NODE_ENV ??= 'test'
  return () => {
    for (const [name, descriptor] of [...saved].reverse()) {
      if (descriptor === undefined) Reflect.deleteProperty(globalThis, name)
      else Object.defineProperty(globalThis, name, descriptor)
    }
  }
}
