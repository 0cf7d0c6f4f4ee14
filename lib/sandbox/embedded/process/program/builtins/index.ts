// Node's builtin modules, as far as a first program needs them; Node's own library takes their place later.
// Runs in a process Worker. Must never reach for the network, the DOM or the machine behind `ProcessHost`.

import { nodeError } from '../loader/errors'
import type { Builtins } from '../loader/loader'
import type { Runtime } from '../node/runtime'
import { createAssertModule } from './assert'
import { createBufferModule } from './buffer'
import { createEventsModule } from './events'
import { createFsModule } from './fs'
import { createPathModule } from './path'
import { createUrlModule } from './url'
import { createUtilModule } from './util'

type Factory = (runtime: Runtime, get: (name: string) => unknown) => unknown

const factories: Record<string, Factory> = {
  assert: () => createAssertModule(),
  'assert/strict': (_, get) => Reflect.get(Object(get('assert')), 'strict'),
  buffer: () => createBufferModule(),
  console: () => globalThis.console,
  crypto: () => ({
    randomUUID: () => crypto.randomUUID(),
    getRandomValues: (array: Uint8Array) => crypto.getRandomValues(array),
    subtle: crypto.subtle,
    webcrypto: crypto,
  }),
  events: () => createEventsModule(),
  fs: ({ host, pending }) => createFsModule({ fs: host.fs, hold: pending.hold }),
  'fs/promises': (_, get) => Reflect.get(Object(get('fs')), 'promises'),
  os: ({ host }) => ({
    EOL: '\n',
    arch: () => 'x64',
    availableParallelism: () => navigator.hardwareConcurrency,
    homedir: () => host.env.HOME ?? '/home/project',
    hostname: () => 'vitrine',
    platform: () => 'linux',
    tmpdir: () => host.env.TMPDIR ?? '/tmp',
    type: () => 'Linux',
  }),
  path: () => createPathModule(),
  'path/posix': (_, get) => get('path'),
  perf_hooks: () => ({ performance, PerformanceObserver: globalThis.PerformanceObserver }),
  process: ({ process }) => process,
  timers: ({ timers }) => ({ ...timers }),
  'timers/promises': ({ timers }) => ({
    setTimeout: (delay?: number, value?: unknown) =>
      new Promise((resolve) => timers.setTimeout(() => resolve(value), delay)),
    setImmediate: (value?: unknown) => new Promise((resolve) => timers.setImmediate(() => resolve(value))),
    async *setInterval(delay?: number, value?: unknown) {
      for (;;) yield await new Promise((resolve) => timers.setTimeout(() => resolve(value), delay))
    },
  }),
  url: () => createUrlModule(),
  util: () => createUtilModule(),
  'util/types': (_, get) => Reflect.get(Object(get('util')), 'types'),
}

/** Node has these, the sandbox does not yet. */
const unavailable = new Set(
  (
    'async_hooks child_process cluster constants dgram diagnostics_channel dns dns/promises domain http http2 https ' +
    'inspector inspector/promises net punycode querystring readline readline/promises repl sea stream stream/consumers ' +
    'stream/promises stream/web string_decoder sys tls trace_events tty v8 vm wasi worker_threads zlib'
  ).split(' '),
)

/** `extra` are modules that a program adds, such as `vitest` in a test run. */
export function createBuiltins(runtime: Runtime, extra: Record<string, () => unknown> = {}): Builtins {
  const made = new Map<string, unknown>()
  function get(name: string): unknown {
    const factory = factories[name]
    if (factory === undefined) throw unknownBuiltin(name)
    if (!made.has(name)) made.set(name, factory(runtime, get))
    return made.get(name)
  }
  return {
    has: (name) =>
      (Object.hasOwn(factories, name) || unavailable.has(name) || name === 'module' || Object.hasOwn(extra, name)) &&
      name !== 'test',
    load(name, loader) {
      const own = extra[name]
      if (own !== undefined) return own()
      if (name !== 'module') return get(name)
      const isBuiltin = (id: string) => Object.hasOwn(factories, id.replace(/^node:/, ''))
      return {
        builtinModules: Object.keys(factories),
        createRequire: (from: string | URL) => loader.createRequire(String(from).replace(/^file:\/\//, '')),
        isBuiltin,
      }
    },
  }
}

function unknownBuiltin(name: string): Error {
  const available = [...Object.keys(factories), 'module', 'test'].sort().join(', ')
  if (!unavailable.has(name)) return nodeError('ERR_UNKNOWN_BUILTIN_MODULE', `No such built-in module: node:${name}`)
  return nodeError(
    'ERR_FEATURE_UNAVAILABLE',
    `The module "node:${name}" is not available in this sandbox. Available are: ${available}.`,
  )
}
