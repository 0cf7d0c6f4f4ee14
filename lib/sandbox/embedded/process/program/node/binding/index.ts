import { createAsyncContextFrameBinding, createAsyncWrapBinding } from './async-context'
import { createBlobBinding } from './blob'
import { createBufferBinding } from './buffer'
import type { Binding, BindingContext, BindingFactory } from './context'
import { createContextifyBinding } from './contextify'
import { createEncodingBinding, createIcuBinding } from './encoding'
import { createErrorsBinding } from './errors'
import { createFsBinding, createFsDirBinding, createFsEventBinding } from './fs'
import { createMessagingBinding } from './messaging'
import { createOptionsBinding } from './options'
import { createPerformanceBinding } from './performance'
import { createProcessMethodsBinding } from './process-methods'
import * as state from './runtime-state'
import { createStringDecoderBinding } from './string-decoder'
import { createTypesBinding } from './types'
import { createUrlBinding } from './url'
import { createUtilBinding } from './util'
import { createUvBinding } from './uv'

/** `internalBinding(name)`, made on first use. */
const factories: Record<string, BindingFactory> = {
  async_context_frame: createAsyncContextFrameBinding,
  async_wrap: createAsyncWrapBinding,
  blob: createBlobBinding,
  buffer: createBufferBinding,
  config: state.createConfigBinding,
  constants: state.createConstantsBinding,
  contextify: createContextifyBinding,
  credentials: state.createCredentialsBinding,
  encoding_binding: createEncodingBinding,
  errors: createErrorsBinding,
  fs: createFsBinding,
  fs_dir: createFsDirBinding,
  fs_event_wrap: createFsEventBinding,
  icu: createIcuBinding,
  messaging: createMessagingBinding,
  mksnapshot: state.createSnapshotBinding,
  module_wrap: state.createModuleWrapBinding,
  modules: state.createModulesBinding,
  options: createOptionsBinding,
  os: state.createOsBinding,
  performance: createPerformanceBinding,
  permission: state.createPermissionBinding,
  process_methods: createProcessMethodsBinding,
  report: state.createReportBinding,
  signal_wrap: state.createSignalWrapBinding,
  string_decoder: createStringDecoderBinding,
  symbols: state.createSymbolsBinding,
  task_queue: state.createTaskQueueBinding,
  timers: state.createTimersBinding,
  trace_events: state.createTraceEventsBinding,
  types: createTypesBinding,
  url: createUrlBinding,
  util: createUtilBinding,
  uv: createUvBinding,
  wasm_web_api: state.createWasmWebApiBinding,
  worker: state.createWorkerBinding,
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
