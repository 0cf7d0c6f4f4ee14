// Runs inside the pinned Node with `--expose-internals`: prints its library's sources and the tables of its bindings.
const { internalBinding } = require('internal/test/binding')

const bindingNames =
  'async_wrap blob block_list buffer cares_wrap config constants contextify credentials crypto encoding_binding errors fs ' +
  'fs_dir fs_event_wrap heap_utils http_parser http2 icu inspector js_stream js_udp_wrap messaging mksnapshot modules ' +
  'module_wrap options os performance permission pipe_wrap process_methods process_wrap report sea serdes signal_wrap ' +
  'spawn_sync stream_pipe stream_wrap string_decoder symbols task_queue tcp_wrap timers trace_events tty_wrap types ' +
  'tls_wrap udp_wrap url util uv v8 wasi wasm_web_api watchdog worker zlib sqlite profiler'

/** JSON has no Infinity. */
const number = (value) => (Number.isFinite(value) ? value : { $number: String(value) })

/** Plain values, as deep as they go; `undefined` for what only lives in native memory. */
function plain(value) {
  if (typeof value === 'number') return number(value)
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || ArrayBuffer.isView(value)) return undefined
  if (value instanceof Map) return { $map: [...value].map(([key, entry]) => [key, plain(entry)]) }
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, entry]) => [key, plain(entry)])
      .filter(([, entry]) => entry !== undefined),
  )
}

const bindings = {}
const functions = {}
for (const name of bindingNames.split(' ')) {
  const binding = internalBinding(name)
  bindings[name] = name === 'symbols' ? {} : plain(binding)
  functions[name] = Object.keys(binding).filter((key) => typeof binding[key] === 'function')
}
delete bindings.symbols
delete bindings.config.getDefaultLocale

const options = internalBinding('options')
const { options: optionInfo, aliases } = options.getCLIOptionsInfo()
// The one option that this script itself runs with.
const optionValues = { ...options.getCLIOptionsValues(), '--expose-internals': false, '--no-expose-internals': true }
const natives = process.binding('natives')
const sources = Object.fromEntries(Object.entries(natives).filter(([, text]) => typeof text === 'string'))
delete sources.config

const data = {
  version: process.versions.node,
  globals: Object.getOwnPropertyNames(globalThis),
  versions: { ...process.versions },
  release: plain(process.release),
  config: plain(process.config),
  bindings,
  functions,
  symbols: Object.keys(internalBinding('symbols')),
  privateSymbols: Object.keys(internalBinding('util').privateSymbols),
  perIsolateSymbols: Object.fromEntries(
    Object.entries(internalBinding('symbols')).map(([key, symbol]) => [key, symbol.description]),
  ),
  errors: [...internalBinding('uv').getErrorMap()].map(([errno, [code, message]]) => [errno, code, message]),
  options: plain(optionValues),
  optionInfo: [...optionInfo].map(([name, info]) => [name, plain(info)]),
  optionAliases: [...aliases].map(([name, expansion]) => [name, plain(expansion)]),
}
process.stdout.write(JSON.stringify({ sources, data }))
