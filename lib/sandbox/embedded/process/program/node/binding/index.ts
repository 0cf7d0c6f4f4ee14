import { createAsyncContextFrameBinding, createAsyncWrapBinding } from './async-context'
import { createBlobBinding } from './blob'
import { createBlockListBinding } from './block-list'
import { createBufferBinding } from './buffer'
import { createCaresWrapBinding } from './cares-wrap'
import type { Binding, BindingContext, BindingFactory } from './context'
import { createContextifyBinding } from './contextify'
import { createCryptoBinding } from './crypto'
import { createEncodingBinding, createIcuBinding } from './encoding'
import { createErrorsBinding } from './errors'
import { createFsBinding, createFsDirBinding, createFsEventBinding } from './fs'
import { createHttpParserBinding } from './http-parser'
import { createJsStreamBinding } from './js-stream'
import { createV8Binding } from './memory'
import { createMessagingBinding } from './messaging'
import { createModulesBinding } from './modules'
import { createOptionsBinding } from './options'
import { createPerformanceBinding } from './performance'
import { createPipeWrapBinding } from './pipe-wrap'
import { createProcessMethodsBinding } from './process-methods'
import { createProcessWrapBinding } from './process-wrap'
import { createReportBinding } from './report'
import * as state from './runtime-state'
import { createSerdesBinding } from './serdes'
import { createSignalWrapBinding } from './signal-wrap'
import { createSpawnSyncBinding } from './spawn-sync'
import { createStreamWrapBinding } from './stream-wrap'
import { createStringDecoderBinding } from './string-decoder'
import { createTcpWrapBinding } from './tcp-wrap'
import { createTtyWrapBinding } from './tty-wrap'
import { createTypesBinding } from './types'
import { createUrlBinding } from './url'
import { createUtilBinding } from './util'
import { createUvBinding } from './uv'
import { createWorkerBinding } from './worker'
import { createZlibBinding } from './zlib'

/** `internalBinding(name)`, made on first use. */
const factories: Record<string, BindingFactory> = {
  async_context_frame: createAsyncContextFrameBinding,
  async_wrap: createAsyncWrapBinding,
  blob: createBlobBinding,
  block_list: createBlockListBinding,
  buffer: createBufferBinding,
  cares_wrap: createCaresWrapBinding,
  config: state.createConfigBinding,
  constants: state.createConstantsBinding,
  contextify: createContextifyBinding,
  credentials: state.createCredentialsBinding,
  crypto: createCryptoBinding,
  encoding_binding: createEncodingBinding,
  errors: createErrorsBinding,
  fs: createFsBinding,
  fs_dir: createFsDirBinding,
  fs_event_wrap: createFsEventBinding,
  http_parser: createHttpParserBinding,
  internal_only_v8: () => ({ queryObjects: () => [] }),
  icu: createIcuBinding,
  js_stream: createJsStreamBinding,
  messaging: createMessagingBinding,
  mksnapshot: state.createSnapshotBinding,
  module_wrap: state.createModuleWrapBinding,
  modules: createModulesBinding,
  options: createOptionsBinding,
  os: state.createOsBinding,
  performance: createPerformanceBinding,
  permission: state.createPermissionBinding,
  pipe_wrap: createPipeWrapBinding,
  process_methods: createProcessMethodsBinding,
  process_wrap: createProcessWrapBinding,
  report: createReportBinding,
  sea: state.createSeaBinding,
  serdes: createSerdesBinding,
  signal_wrap: createSignalWrapBinding,
  spawn_sync: createSpawnSyncBinding,
  stream_wrap: createStreamWrapBinding,
  string_decoder: createStringDecoderBinding,
  symbols: state.createSymbolsBinding,
  task_queue: state.createTaskQueueBinding,
  tcp_wrap: createTcpWrapBinding,
  timers: state.createTimersBinding,
  trace_events: state.createTraceEventsBinding,
  tty_wrap: createTtyWrapBinding,
  types: createTypesBinding,
  url: createUrlBinding,
  util: createUtilBinding,
  uv: createUvBinding,
  wasm_web_api: state.createWasmWebApiBinding,
  v8: createV8Binding,
  worker: createWorkerBinding,
  zlib: createZlibBinding,
}

export function createBinding(name: string, context: BindingContext): Binding {
  const factory = factories[name]
  if (factory !== undefined) return factory(context)
  if (context.data.functions[name] === undefined) throw new Error(`No such binding: ${name}`)
  return unavailableBinding(name, context)
}

/** Has the shape of Node's binding; every function says that the browser has no such thing. */
function unavailableBinding(name: string, context: BindingContext): Binding {
  const refuse = (fn: string) =>
    function unavailable() {
      throw context.unavailable(
        `${fn} of Node's ${name} is not available in the sandbox: a browser has nothing like it.`,
      )
    }
  const functions = (context.data.functions[name] ?? []).map((fn) => [fn, refuse(fn)])
  return { ...context.constants(name), ...Object.fromEntries(functions) }
}
