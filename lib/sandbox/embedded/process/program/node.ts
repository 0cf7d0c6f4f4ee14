import type { ProcessHost } from '../host'
import { parseEnv } from '../parse-env'
import { resolve } from './builtins/path'
import { compileCommonJs } from './loader/compile-commonjs'
import { importName, withDynamicImports } from './loader/emit'
import { errorAt } from './loader/errors'
import { toFileUrl, toPath } from './loader/file-url'
import type { Loader } from './loader/loader'
import { nameText } from './loader/script-names'
import { awaitsOutside, findSyntaxProblem, parses } from './loader/source'
import { noConfig, type ProjectConfig } from './loader/tsconfig'
import { isTerminal } from './node/binding/tty-wrap'
import { prepareToLeave } from './node/leave'
import { type Library, nodeVersion } from './node/library/library'
import { natives } from './node/natives'
import { parserOf } from './node/parser'
import { createRuntime, type Runtime } from './node/runtime'
import { startThread } from './node/thread'
import { describeUnsettledAwait } from './node/unsettled-await'
import { type NodeArguments, parseNodeArguments } from './node-arguments'
import { startRepl } from './node-repl'
import { runNodeTests } from './node-test'
import { watch } from './node-watch'

/** `node file`, `-e`, `-p`, `--check`, `--test`, `--version` and a script on stdin. */
export async function node(host: ProcessHost): Promise<number> {
  const parsed = parseNodeArguments(host.argv.slice(1), host.env.NODE_OPTIONS)
  if (parsed.complaint !== null) {
    host.stderr(`/usr/bin/node: ${parsed.complaint}\n`)
    return 9
  }
  if (parsed.mode === 'version') {
    host.stdout(`v${nodeVersion}\n`)
    return 0
  }
  if (parsed.mode === 'help') {
    host.stdout(
      'Usage: node [options] [script.ts|js|mjs|cjs] [arguments]\n       node -e|-p <code>\n       node --test [files]\n',
    )
    return 0
  }
  const failure = readEnvFiles(host, parsed)
  if (failure !== null) {
    host.stderr(`node: ${failure}: not found\n`)
    return 9
  }
  if (parsed.watches && host.kernel) return watch(host, parsed)
  return await run(host, parsed)
}

/** Variables of `--env-file`; the environment's own win. Answers the file that is missing. */
function readEnvFiles({ fs, cwd, env, stderr }: ProcessHost, { envFiles }: NodeArguments): string | null {
  const values: Record<string, string> = {}
  for (const { path, isOptional } of envFiles) {
    const file = resolve(cwd, path)
    if (fs.exists(file)) Object.assign(values, parseEnv(new TextDecoder().decode(fs.readFile(file))))
    else if (!isOptional) return path
    else stderr(`${path} not found. Continuing without it.\n`)
  }
  Object.assign(env, { ...values, ...env })
  return null
}

interface AsyncContexts {
  pushAsyncContext(asyncId: number, triggerId: number, resource: object): void
  popAsyncContext(asyncId: number): boolean
}
/** What `async_hooks` calls the program's first code. */
const mainAsyncId = 1

interface OptionsBinding {
  complaintOf(option: string, isOfEnvironment: boolean): string | null
}

/** What is wrong with the options, by the release's own table. */
function complaintOf({ library }: Runtime, { options }: NodeArguments): string | null {
  if (options.length === 0) return null
  const binding = library.context.internalBinding('options') as unknown as OptionsBinding
  return options.map(({ name, isOfEnvironment }) => binding.complaintOf(name, isOfEnvironment)).find(Boolean) ?? null
}

async function run(host: ProcessHost, parsed: NodeArguments): Promise<number> {
  const runtime = createRuntime(host, parsed.flags)
  const leave = host.mayShareWorker ? prepareToLeave(runtime) : null
  const complaint = complaintOf(runtime, parsed)
  if (complaint !== null) {
    host.stderr(`${host.argv[0]}: ${complaint}\n`)
    return 9
  }
  const settled = { isDone: false }
  // The script's own ticks come before its promise callbacks.
  let started = Promise.resolve()
  runtime.enter(() => {
    const { pushAsyncContext, popAsyncContext } = runtime.library.require<AsyncContexts>('internal/async_hooks')
    pushAsyncContext(mainAsyncId, 0, {})
    started = start(runtime, parsed)
    popAsyncContext(mainAsyncId)
  })
  const main = settle(runtime, started, settled)
  await first(main, runtime.pending.idle())
  await untilIdle(runtime)
  // The browser may settle an import a few turns after its modules have run.
  for (let turn = 0; turn < 20 && !settled.isDone; turn++) await runtime.nextTurn()
  if (!settled.isDone) {
    if (runtime.process.exitCode !== undefined) return runtime.process.finish()
    if (!isQuiet(host, parsed)) host.stderr(describeUnsettled(runtime))
    return runtime.process.finish(codeOfUnsettledAwait)
  }
  const exitCode = runtime.process.finish()
  host.isIdle = (await leave?.()) ?? false
  return exitCode
}

const codeOfUnsettledAwait = 13

const isQuiet = ({ env }: ProcessHost, { flags }: NodeArguments) =>
  env.NODE_NO_WARNINGS === '1' || flags.includes('--no-warnings')

function describeUnsettled({ library, entry }: Runtime): string {
  return entry === null
    ? 'Warning: Detected unsettled top-level await\n'
    : describeUnsettledAwait(library, entry.loader, entry.path)
}

// The machine's own promises are awaited, not chained: a program may have put hooks on `then`.
async function settle({ library }: Runtime, started: Promise<void>, state: { isDone: boolean }): Promise<void> {
  try {
    await started
  } catch (error) {
    state.isDone = true
    library.context.reportUncaught(error, true)
  }
  state.isDone = true
}

function first(...promises: Promise<void>[]): Promise<void> {
  return new natives.Promise((resolve) => {
    promises.forEach(async (promise) => resolve(await promise))
  })
}

/** Until no work is left and `beforeExit` listeners have started none. */
async function untilIdle({ enter, nextTurn, pending, process }: Runtime): Promise<void> {
  for (;;) {
    await pending.idle()
    enter(() => void process.emit('beforeExit', process.exitCode ?? 0))
    if (pending.count > 0) continue
    // Promise callbacks may begin something; it may be over by the next turn.
    const { begun } = pending
    await nextTurn()
    if (pending.begun === begun) return
  }
}

/** Runs what the command line names; a script that is CommonJS has run, or thrown, when this returns. */
function start(runtime: Runtime, parsed: NodeArguments): Promise<void> {
  const { host, process } = runtime
  process.execArgv = [...parsed.execArgv]
  if (parsed.mode === 'check') return check(runtime, parsed)
  if (parsed.mode === 'test') return ended(runNodeTests(runtime, parsed))
  if (host.kernel?.thread) {
    return startThread(runtime, {
      runFile: (file) => runFile(runtime, { ...parsed, file, rest: process.argv.slice(2) }),
      runText: (code) => runText(runtime, { ...parsed, mode: 'eval', rest: process.argv.slice(1) }, code),
      runModule: (code) =>
        runText(runtime, { ...parsed, mode: 'eval', inputType: 'module', rest: process.argv.slice(1) }, code),
    })
  }
  if (parsed.mode === 'stdin' && (parsed.isInteractive || isTerminal(runtime.library.context, 0)))
    return startRepl(runtime)
  if (parsed.mode === 'stdin') return readAll(runtime).then((code) => runText(runtime, parsed, code))
  return parsed.mode === 'file' ? runFile(runtime, parsed) : runText(runtime, parsed, parsed.code)
}

function runFile(runtime: Runtime, parsed: NodeArguments): Promise<void> {
  const { host, process, library } = runtime
  if (parsed.inputType !== null) throw library.context.nodeError('ERR_INPUT_TYPE_NOT_ALLOWED')
  if (parsed.isUrl) return runUrl(runtime, parsed)
  const requested = resolve(host.cwd, parsed.file)
  const keepsLink = parsed.flags.includes('--preserve-symlinks-main') || host.env.NODE_PRESERVE_SYMLINKS_MAIN === '1'
  const path = runtime.createLoader().resolver.resolveEntry(requested, keepsLink)
  if (path === null) {
    const error = Object.assign(new Error(`Cannot find module '${requested}'`), {
      code: 'MODULE_NOT_FOUND',
      requireStack: [],
    })
    throw errorAt(error, null)
  }
  // As it was named: a command of a package goes by the name of its link.
  process.argv = [process.execPath, requested, ...parsed.rest]
  const loader = runtime.createLoader({ main: path, conditions: parsed.conditions, isStrict })
  const runMainModule = () => loader.Module.runMain(path)
  return afterPreload(runtime, loader, parsed, runMainModule)
}

/** `--entry-url`. */
function runUrl(runtime: Runtime, parsed: NodeArguments): Promise<void> {
  const { host, process } = runtime
  process.emitWarning('--entry-url is an experimental feature and might change at any time', 'ExperimentalWarning')
  const url = new URL(parsed.file, `${toFileUrl(host.cwd)}/`)
  const path = toPath(url.href)
  process.argv = [process.execPath, path, ...parsed.rest]
  const loader = runtime.createLoader({ main: path, conditions: parsed.conditions, isStrict })
  return afterPreload(runtime, loader, parsed, () => loader.importFrom(url.href, `${host.cwd}/_`))
}

/** Files that no compiler stands before mean what Node makes of them. */
const isStrict = (importer: string, config: ProjectConfig) =>
  config === noConfig && !/\.(?:[cm]?ts|[jt]sx)$/.test(importer)

/** Runs `task` after what `-r`, `--loader` and `--import` name; at once when there is nothing to wait for. */
function afterPreload(
  runtime: Runtime,
  loader: Loader,
  { requires, imports, loaders }: NodeArguments,
  task: () => unknown,
): Promise<void> {
  loader.Module._preloadModules(requires)
  if (imports.length === 0 && loaders.length === 0) return ended(task())
  return ended(prepare(runtime, loader, { requires, imports, loaders }), task)
}

/** What `value` comes to, and then the task. */
async function ended(value: unknown, task: () => unknown = () => undefined): Promise<void> {
  await value
  await task()
}

async function prepare(
  { host: { cwd }, process, registrationOf }: Runtime,
  loader: Loader,
  { requires, imports, loaders }: Pick<NodeArguments, 'requires' | 'imports' | 'loaders'>,
): Promise<void> {
  if (loaders.length > 0) {
    process.emitWarning(warningOfLoaders(loaders), 'ExperimentalWarning')
    const registration = registrationOf(loader)
    registration.ofHooks().Module._preloadModules(requires)
    for (const specifier of loaders) registration.register(specifier, `${toFileUrl(cwd)}/`)
    await registration.settled()
  }
  for (const specifier of imports) await loader.importFrom(specifier, `${cwd}/_`)
}

function warningOfLoaders(loaders: readonly string[]): string {
  const encode = (text: string) =>
    encodeURIComponent(text).replace(/'/g, '%27').replace(/%22/g, '"').replace(/%2F/gi, '/')
  const calls = loaders.map((loader) => `register(${encode(JSON.stringify(loader))}, pathToFileURL("./"))`)
  const code = `import { register } from "node:module"; import { pathToFileURL } from "node:url"; ${calls.join('; ')};`
  return `\`--experimental-loader\` may be removed in the future; instead use \`register()\`:\n--import 'data:text/javascript,${code}'`
}

/** `--check`: only whether the file can be read, after what is to be loaded before it. */
function check(runtime: Runtime, parsed: NodeArguments): Promise<void> {
  const path = runtime.createLoader().resolver.resolveEntry(resolve(runtime.host.cwd, parsed.file))
  if (path === null) throw errorAt(new Error(`Cannot find module '${resolve(runtime.host.cwd, parsed.file)}'`), null)
  const loader = runtime.createLoader({ isStrict, conditions: parsed.conditions })
  return afterPreload(runtime, loader, parsed, () => {
    const { code, format } = loader.sources.load(path)
    if (format === 'commonjs') compileCommonJs(path, code, { parser: parserOf(runtime.library) })
    const problem = format === 'module' ? findSyntaxProblem(path, code) : null
    if (problem) throw errorAt(new SyntaxError(problem.message), problem.place)
  })
}

const moduleSyntax = /^\s*(import(?!\s*\()|export)\b/m

/** Whether code is written as a module: by its statements, or since it awaits where only a module can. */
const isWrittenAsModule = (code: string) => moduleSyntax.test(code) || awaitsOutside(code)

/** Code without a file: a script with `require` at hand, or a module when it is written as one. */
function runText(runtime: Runtime, parsed: NodeArguments, code: string): Promise<void> {
  const { host, process } = runtime
  process.argv = [process.execPath, ...parsed.rest]
  const path = resolve(host.cwd, '[eval1]')
  runtime.onCode(path, code)
  const isModule =
    parsed.inputType === 'module' ||
    (parsed.inputType === null && isWrittenAsModule(code) && !parsed.flags.includes('--no-experimental-detect-module'))
  const typed = isModule ? `${path}.mts` : `${path}.cts`
  const texts = new Map([path, typed].map((name) => [name, code]))
  const loader = runtime.createLoader({ texts, main: path, conditions: parsed.conditions, isStrict })
  return afterPreload(runtime, loader, parsed, () => {
    if (parsed.mode !== 'stdin') defineBuiltins(loader, runtime.library)
    if (isModule) {
      loader.sources.give(path, 'module', parsed.isPlain ? code : loader.sources.load(typed).code)
      return loader.import(path)
    }
    const name = parsed.mode === 'stdin' ? '[stdin]' : '[eval]'
    const result = evalScript(loader, { path, name, code: asJavaScript(loader, typed, code) })
    if (parsed.mode === 'print') console.log(result)
    return null
  })
}

/** Code that is no JavaScript may be TypeScript, whose types are taken away then. */
function asJavaScript({ sources }: Loader, typed: string, code: string): string {
  return parses(Function, code) || moduleSyntax.test(code) ? code : (withoutTypes(sources, typed) ?? code)
}

/** Null when it is no TypeScript either: then the engine says what is wrong with it. */
function withoutTypes(sources: Loader['sources'], typed: string): string | null {
  try {
    return sources.load(typed).code
  } catch {
    return null
  }
}

function evalScript(loader: Loader, { path, name, code }: Record<'path' | 'name' | 'code', string>): unknown {
  const scope = {
    require: loader.createRequire(path),
    module: { exports: {} },
    exports: {},
    __filename: name,
    __dirname: '.',
    [importName]: (specifier: unknown, options?: unknown) => loader.importFrom(specifier, path, options),
  }
  for (const [name, value] of Object.entries(scope)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true })
  }
  nameText(name, code)
  // biome-ignore lint/security/noGlobalEval: running the user's code is what this program is for
  return globalThis.eval(`${withDynamicImports(code)}\n//# sourceURL=${name}`)
}

/** In code of the command line Node's modules are globals: `node -p "os.EOL"`. */
function defineBuiltins(loader: Loader, { builtinNames }: Library) {
  const require = loader.createRequire('/')
  for (const name of builtinNames().filter(isNamedGlobally)) {
    const settle = (value: unknown) =>
      Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false })
    Object.defineProperty(globalThis, name, {
      configurable: true,
      enumerable: false,
      get() {
        const module = require(name)
        settle(module)
        return module
      },
      set: settle,
    })
  }
}

/** The global `crypto` is the browser's; all other globals of a module's name stay what they are. */
const isNamedGlobally = (id: string) => !/^_|\//.test(id) && (id === 'crypto' || !Object.hasOwn(globalThis, id))

function readAll({ host, pending }: Runtime): Promise<string> {
  const decoder = new TextDecoder()
  const release = pending.hold()
  let text = ''
  return new Promise((done) => {
    host.stdin.onData((data) => {
      text += decoder.decode(data, { stream: true })
    })
    host.stdin.onEnd(() => {
      done(text + decoder.decode())
      release()
    })
  })
}
