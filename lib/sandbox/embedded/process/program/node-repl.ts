import { importName, withDynamicImports } from './loader/emit'
import { type Library, nodeVersion } from './node/library/library'
import type { Runtime } from './node/runtime'

type Evaluate = (code: string, context: object, file: string, done: (error: unknown, result?: unknown) => void) => void

interface Repl {
  eval: Evaluate
  context: Record<string, unknown>
  on(event: 'exit', listener: () => void): void
}

interface Declaration {
  type: string
  start: number
  kind?: string
  id?: { name: string }
}

/** `node` in a terminal: Node's own `node:repl`, until it is left. */
export async function startRepl({ host, library, process, createLoader }: Runtime): Promise<void> {
  const file = `${host.cwd}/[repl]`
  const loader = createLoader()
  const require = loader.createRequire(file)
  host.stdout(`Welcome to Node.js v${nodeVersion}.\nType ".help" for more information.\n`)
  const { start } = require('node:repl') as { start(options: object): Repl }
  const repl = start({ useGlobal: true })
  repl.context.require = require
  Object.defineProperty(globalThis, importName, {
    configurable: true,
    value: (specifier: unknown, options?: unknown) => loader.importFrom(specifier, file, options),
  })
  const evaluate = repl.eval
  const declareForAll = createDeclarations(library)
  repl.eval = (code, context, file, done) => evaluate(withDynamicImports(declareForAll(code)), context, file, done)
  await new Promise<void>((resolve) => repl.on('exit', resolve))
  process.exit()
}

/** Code is run by `eval`, to which `let`, `const` and `class` are its own: as `var` they are there for the next line. */
function createDeclarations(library: Pick<Library, 'require'>): (code: string) => string {
  const { parse } = library.require<{ parse(code: string, options: object): { body: Declaration[] } }>(
    'internal/deps/acorn/acorn/dist/acorn',
  )
  return (code) => {
    let body: Declaration[]
    try {
      body = parse(code, { ecmaVersion: 'latest', allowAwaitOutsideFunction: true }).body
    } catch {
      // Unfinished or wrong: whoever evaluates it says so.
      return code
    }
    return body.reduceRight((text, { type, start, kind, id }) => {
      const [before, rest] = [text.slice(0, start), text.slice(start)]
      if (type === 'ClassDeclaration' && id) return `${before}var ${id.name} = ${rest}`
      if (type !== 'VariableDeclaration' || kind === 'var') return text
      return `${before}var${rest.slice(kind?.length)}`
    }, code)
  }
}
