import type { ProcessHost, Program } from '../host'
import { resolve } from './builtins/path'
import { errorAt } from './loader/errors'
import type { Loader } from './loader/loader'
import { locateSyntaxError } from './loader/source'
import { parseEnv } from './node/binding/util'
import { nodeVersion } from './node/library/library'
import { createRuntime, type Runtime } from './node/runtime'
import { startThread } from './node/thread'
import { type NodeArguments, parseNodeArguments } from './node-arguments'
import { watch } from './node-watch'
import { runNodeTests } from './testing/node-test-program'

/** `node file`, `-e`, `-p`, `--check`, `--test`, `--version` and a script on stdin. */
export const node: Program = async (host) => {
  const parsed = parseNodeArguments(host.argv.slice(1), host.env.NODE_OPTIONS)
  if (parsed.complaint !== null) {
    host.stderr(`/usr/local/bin/node: ${parsed.complaint}\n`)
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
  if (parsed.mode === 'test') return runNodeTests(host, parsed.rest, parsed.execArgv)
  if (parsed.watches && host.kernel) return watch(host, parsed)
  return run(host, parsed)
}

/** Variables of `--env-file`; the environment's own win. Answers the file that is missing. */
function readEnvFiles({ fs, cwd, env }: ProcessHost, { envFiles }: NodeArguments): string | null {
  const values: Record<string, string> = {}
  for (const { path, isOptional } of envFiles) {
    const file = resolve(cwd, path)
    if (fs.exists(file)) Object.assign(values, parseEnv(new TextDecoder().decode(fs.readFile(file))))
    else if (!isOptional) return path
  }
  Object.assign(env, { ...values, ...env })
  return null
}

async function run(host: ProcessHost, parsed: NodeArguments): Promise<number> {
  const runtime = createRuntime(host, parsed.flags)
  const settled = { isDone: false }
  // The script's own ticks come before its promise callbacks.
  let started = Promise.resolve()
  runtime.enter(() => {
    started = start(runtime, parsed)
  })
  const main = started.then(
    () => {
      settled.isDone = true
    },
    (error: unknown) => {
      settled.isDone = true
      runtime.library.context.reportUncaught(error)
    },
  )
  await Promise.race([main, untilIdle(runtime)])
  await untilIdle(runtime)
  // The browser may settle an import a few turns after its modules have run.
  for (let turn = 0; turn < 20 && !settled.isDone; turn++) await runtime.nextTurn()
  if (!settled.isDone) {
    host.stderr('Warning: Detected unsettled top-level await\n')
    return runtime.process.finish(13)
  }
  return runtime.process.finish()
}

/** Until no work is left and `beforeExit` listeners have started none. */
async function untilIdle({ pending, process }: Runtime): Promise<void> {
  for (;;) {
    await pending.idle()
    process.emit('beforeExit', process.exitCode ?? 0)
    if (pending.count === 0) return
  }
}

async function start(runtime: Runtime, parsed: NodeArguments): Promise<void> {
  const { host, process } = runtime
  process.execArgv = [...parsed.execArgv]
  if (parsed.mode === 'check') return check(runtime, parsed)
  if (host.kernel?.thread) {
    return startThread(runtime, {
      runFile: async (path) => void (await runtime.createLoader({ main: path }).import(path)),
      runText: (code) => runText(runtime, { ...parsed, mode: 'eval', rest: process.argv.slice(1) }, code),
    })
  }
  if (parsed.mode === 'stdin') return runText(runtime, parsed, await readAll(runtime))
  if (parsed.mode !== 'file') return runText(runtime, parsed, parsed.code)
  const requested = resolve(host.cwd, parsed.file)
  const path = runtime.createLoader().resolver.resolveEntry(requested)
  if (path === null) {
    const error = Object.assign(new Error(`Cannot find module '${requested}'`), {
      code: 'MODULE_NOT_FOUND',
      requireStack: [],
    })
    throw errorAt(error, null)
  }
  process.argv = ['/usr/local/bin/node', path, ...parsed.rest]
  const loader = runtime.createLoader({ main: path, conditions: parsed.conditions })
  await preload(loader, host, parsed)
  if (loader.linker.builtinsOf(path).has('test')) {
    process.exitCode = await runNodeTests(host, [path], parsed.execArgv, runtime)
    return
  }
  await loader.import(path)
}

/** `-r` and `--import`, in this order. */
async function preload(loader: Loader, { cwd }: ProcessHost, { requires, imports }: NodeArguments): Promise<void> {
  loader.Module._preloadModules(requires)
  for (const specifier of imports) {
    const found = loader.resolver.resolve(specifier, `${cwd}/_`, 'import')
    if (found.kind === 'file') await loader.import(found.path)
    else if (found.kind === 'missing') loader.Module._resolveFilename(specifier)
  }
}

/** `--check`: only whether the file can be read. */
async function check(runtime: Runtime, { file }: NodeArguments): Promise<void> {
  const path = runtime.createLoader().resolver.resolveEntry(resolve(runtime.host.cwd, file))
  if (path === null) throw errorAt(new Error(`Cannot find module '${resolve(runtime.host.cwd, file)}'`), null)
  const { sources } = runtime.createLoader()
  const { code, format } = sources.load(path)
  const problem = format === 'json' ? null : locateSyntaxError(path, code)
  if (problem) throw problem
}

/** Code without a file: a script with `require` at hand, or a module when it is written as one. */
async function runText(runtime: Runtime, parsed: NodeArguments, code: string): Promise<void> {
  const { host, process } = runtime
  process.argv = ['/usr/local/bin/node', ...parsed.rest]
  const path = resolve(host.cwd, '[eval1].mts')
  const isModule =
    parsed.inputType === 'module' || (parsed.inputType === null && /^\s*(import(?!\s*\()|export)\b/m.test(code))
  const loader = runtime.createLoader({ texts: new Map([[path, code]]), main: path, conditions: parsed.conditions })
  await preload(loader, host, parsed)
  if (isModule) {
    await loader.import(path)
    return
  }
  const scope = {
    require: loader.createRequire(path),
    module: { exports: {} },
    exports: {},
    __filename: '[eval]',
    __dirname: '.',
  }
  for (const [name, value] of Object.entries(scope)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true })
  }
  // biome-ignore lint/security/noGlobalEval: running the user's code is what this program is for
  const result: unknown = globalThis.eval(`${code}\n//# sourceURL=${host.cwd}/[eval]`)
  if (parsed.mode === 'print') console.log(result)
}

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
