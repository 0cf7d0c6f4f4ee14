import type { ProcessHost } from '../host'
import { resolve } from './builtins/path'
import { errorAt } from './loader/errors'
import type { Loader } from './loader/loader'
import { nodeVersion } from './node/library/library'
import { createRuntime, type Runtime } from './node/runtime'
import { startThread } from './node/thread'

interface Arguments {
  mode: 'file' | 'eval' | 'print' | 'test' | 'version' | 'stdin' | 'help'
  code: string
  file: string
  execArgv: string[]
  rest: string[]
  isModule: boolean
}

/** Options that take their value from the next argument; accepted and left to the tools that know them. */
const withValue = new Set([
  '-r',
  '--require',
  '--import',
  '--loader',
  '--experimental-loader',
  '--env-file',
  '--test-name-pattern',
  '--test-reporter',
  '--test-reporter-destination',
  '-C',
  '--conditions',
])

/** Runs test files of `node:test`; `given` is the process that already stands. */
export type RunNodeTests = (
  host: ProcessHost,
  files: readonly string[],
  options: readonly string[],
  given?: Runtime,
) => Promise<number>

/**
 * `node file`, `-e`, `-p`, `--test`, `--version` and a script on stdin. Where the test runner is not part of the
 * bundle, tests go to a process that has it.
 */
export async function node(host: ProcessHost, runNodeTests: RunNodeTests = runTestsElsewhere): Promise<number> {
  const parsed = parseArguments(host.argv.slice(1))
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
  if (parsed.mode === 'test') return runNodeTests(host, parsed.rest, parsed.execArgv)
  return run(host, parsed, runNodeTests)
}

function runTestsElsewhere(host: ProcessHost, files: readonly string[], options: readonly string[]): Promise<number> {
  const child = host.spawn(['node', ...options, '--test', ...files], { stdin: 'inherit' })
  child.onOutput(({ stream, data }) => host[stream](data))
  return child.exit
}

function parseArguments(argv: readonly string[]): Arguments {
  const out: Arguments = { mode: 'stdin', code: '', file: '', execArgv: [], rest: [], isModule: false }
  let isTest = false
  for (let index = 0; index < argv.length; index++) {
    const argument = argv[index] ?? ''
    if (argument === '-v' || argument === '--version') return { ...out, mode: 'version' }
    if (argument === '-h' || argument === '--help') return { ...out, mode: 'help' }
    if (argument === '--test') isTest = true
    else if (
      argument === '-e' ||
      argument === '--eval' ||
      argument === '-p' ||
      argument === '--print' ||
      argument === '-pe'
    ) {
      const mode = argument.includes('p') ? 'print' : 'eval'
      return { ...out, mode, code: argv[index + 1] ?? '', rest: argv.slice(index + 2).filter((text) => text !== '--') }
    } else if (argument.startsWith('--input-type'))
      out.isModule = argument.endsWith('module') || argv[++index] === 'module'
    else if (argument === '--')
      return {
        ...out,
        mode: isTest ? 'test' : 'file',
        file: argv[index + 1] ?? '',
        rest: argv.slice(index + (isTest ? 1 : 2)),
      }
    else if (argument.startsWith('-') && argument !== '-') {
      out.execArgv.push(argument)
      if (withValue.has(argument)) out.execArgv.push(argv[++index] ?? '')
    } else if (isTest) out.rest.push(argument)
    else return { ...out, mode: argument === '-' ? 'stdin' : 'file', file: argument, rest: argv.slice(index + 1) }
  }
  return { ...out, mode: isTest ? 'test' : 'stdin' }
}

async function run(host: ProcessHost, parsed: Arguments, runNodeTests: RunNodeTests): Promise<number> {
  const runtime = createRuntime(host, parsed.execArgv)
  const settled = { isDone: false }
  // The script's own ticks come before its promise callbacks.
  let started = Promise.resolve()
  runtime.enter(() => {
    started = start(runtime, parsed, runNodeTests)
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
  await Promise.race([main, runtime.pending.idle()])
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
async function untilIdle({ enter, nextTurn, pending, process }: Runtime): Promise<void> {
  for (;;) {
    await pending.idle()
    enter(() => void process.emit('beforeExit', process.exitCode ?? 0))
    await nextTurn()
    if (pending.count === 0) return
  }
}

/** Runs what the command line names; a script that is CommonJS has run, or thrown, when this returns. */
function start(runtime: Runtime, parsed: Arguments, runNodeTests: RunNodeTests): Promise<void> {
  const { host, process } = runtime
  if (host.kernel?.thread) {
    return startThread(runtime, {
      runFile: async (path) => void (await runtime.createLoader({ main: path }).import(path)),
      runText: (code) => runText(runtime, { ...parsed, mode: 'eval', rest: process.argv.slice(1) }, code),
    })
  }
  if (parsed.mode === 'stdin') return readAll(runtime).then((code) => runText(runtime, parsed, code))
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
  const loader = runtime.createLoader({ main: path })
  if (usesNodeTest(loader, path)) {
    return runNodeTests(host, [path], parsed.execArgv, runtime).then((code) => {
      process.exitCode = code
    })
  }
  return Promise.resolve(loader.start(path)).then(() => undefined)
}

function usesNodeTest({ linker, sources }: Loader, path: string): boolean {
  const source = sources.load(path)
  if (source.format === 'module') return linker.builtinsOf(path).has('test')
  return source.format === 'commonjs' && /\brequire\(\s*(['"])node:test\1\s*\)/.test(source.code)
}

/** Code without a file: a script with `require` at hand, or a module when it is written as one. */
function runText(runtime: Runtime, parsed: Arguments, code: string): Promise<void> {
  const { host, process } = runtime
  process.argv = ['/usr/local/bin/node', ...parsed.rest]
  const path = resolve(host.cwd, '[eval1].mts')
  const isModule = parsed.isModule || /^\s*(import(?!\s*\()|export)\b/m.test(code)
  const loader = runtime.createLoader({ texts: new Map([[path, code]]), main: path })
  if (isModule) return loader.import(path).then(() => undefined)
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
  return Promise.resolve()
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
