/**
 * The Worker's own functions, taken before Node's take their places on the global object. The machine uses these:
 * programs may replace or fake whatever is global.
 */
export const natives = {
  setTimeout: globalThis.setTimeout.bind(globalThis),
  clearTimeout: globalThis.clearTimeout.bind(globalThis),
  queueMicrotask: globalThis.queueMicrotask.bind(globalThis),
  addEventListener: globalThis.addEventListener.bind(globalThis),
  removeEventListener: globalThis.removeEventListener.bind(globalThis),
  structuredClone: globalThis.structuredClone.bind(globalThis),
  now: performance.now.bind(performance),
  timeOrigin: performance.timeOrigin,
  performance: globalThis.performance,
  MessageChannel: globalThis.MessageChannel,
  MessagePort: globalThis.MessagePort,
  Promise: globalThis.Promise,
  Proxy: globalThis.Proxy,
  URL: globalThis.URL,
  Blob: globalThis.Blob,
  TextDecoder: globalThis.TextDecoder,
  TextEncoder: globalThis.TextEncoder,
  DOMException: globalThis.DOMException,
  crypto: globalThis.crypto,
  hardwareConcurrency: globalThis.navigator.hardwareConcurrency,
  deviceMemory: (globalThis.navigator as { deviceMemory?: number }).deviceMemory,
  createObjectURL: URL.createObjectURL.bind(URL),
  revokeObjectURL: URL.revokeObjectURL.bind(URL),
  importScripts: (globalThis as { importScripts?: (...urls: string[]) => void }).importScripts?.bind(globalThis),
}
