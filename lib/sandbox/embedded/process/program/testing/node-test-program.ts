import type { ProcessHost } from '../../host'
import { resolve } from '../builtins/path'
import { createRuntime, type Runtime, usesColors } from '../node/runtime'
import { createColors } from './colors'
import { defaultConfig, findTestFiles } from './config'
import { runTestFiles } from './engine'
import { createSpecReporter } from './spec-reporter'

/** `node --test [files]`, and a file that imports `node:test` run by itself. Answers the exit code. */
export async function runNodeTests(
  host: ProcessHost,
  files: readonly string[],
  options: readonly string[],
  given?: Runtime,
): Promise<number> {
  const runtime = given ?? createRuntime(host)
  const root = runtime.process.cwd()
  const config = defaultConfig('node', root)
  const folders = { readdir: host.fs.readdir, isDirectory: runtime.fs.isDirectory }
  const found = files.length === 0 ? findTestFiles(folders, config, []) : files.flatMap((file) => expand(runtime, file))
  const missing = found.find((file) => !runtime.fs.isFile(resolve(root, file)))
  if (missing !== undefined) {
    host.stderr(`Could not find '${resolve(root, missing)}'\n`)
    return 1
  }
  const pattern = options.find((option) => option.startsWith('--test-name-pattern'))
  const name = pattern === undefined ? undefined : (pattern.split('=')[1] ?? options[options.indexOf(pattern) + 1])
  const reporter = createSpecReporter(createColors(usesColors(host)))
  const startedAt = performance.now()
  const result = await runTestFiles(runtime, {
    config,
    files: found,
    ...(name === undefined ? {} : { namePattern: new RegExp(name) }),
    fileEnded: (file) => host.stdout(reporter.file(file)),
  })
  host.stdout(reporter.end(result, performance.now() - startedAt))
  return result.report.failed > 0 || result.unhandled.length > 0 ? 1 : 0

  function expand({ fs }: Runtime, file: string): string[] {
    const path = resolve(root, file)
    const relative = path.slice(root.length + 1)
    if (!fs.isDirectory(path)) return [relative]
    return findTestFiles(folders, config, [`${relative}/`])
  }
}
