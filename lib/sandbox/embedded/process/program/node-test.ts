import { setCascadedLoader } from './node/cascaded-loader'
import type { Runtime } from './node/runtime'
import type { NodeArguments } from './node-arguments'

interface TestRunner {
  run(options: object): { on(event: 'test:summary', listener: (summary: { success: boolean }) => void): void }
}
interface TestOptions {
  parseCommandLine(): object
}

/** `node --test`: Node's own runner, with each file in a process of its own. */
export function runNodeTests({ library, process, createLoader }: Runtime, parsed: NodeArguments): void {
  const loader = createLoader()
  setCascadedLoader(library, loader)
  process.argv = [process.execPath, ...parsed.rest]
  loader.Module._preloadModules(parsed.requires)
  const { run } = library.require<TestRunner>('internal/test_runner/runner')
  const { parseCommandLine } = library.require<TestOptions>('internal/test_runner/utils')
  run({ ...parseCommandLine(), globPatterns: parsed.rest }).on('test:summary', ({ success }) => {
    if (!success) process.exitCode = 1
  })
}
