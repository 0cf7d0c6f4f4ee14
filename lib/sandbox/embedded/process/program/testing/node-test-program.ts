import type { ProcessHost } from '../../host'
import { resolve } from '../builtins/path'
import { createRuntime, type Runtime, usesColors } from '../node/runtime'
import { createColors } from './colors'
import { defaultConfig, findTestFiles } from './config'
import { toJunit } from './junit-reporter'
import { toDots, toNodeTap } from './node-reporters'
import { type RunResult, runTestFiles } from './run-files'
import { createSpecReporter } from './spec-reporter'

const documents: Record<string, (result: RunResult, startedAt: Date, durationMs: number) => string> = {
  tap: (result, _startedAt, durationMs) => toNodeTap(result, durationMs),
  dot: toDots,
  junit: (result, startedAt) => toJunit(result, 'node tests', startedAt),
}

/** `--name=value` or `--name value`. */
function optionValue(options: readonly string[], name: string): string | undefined {
  const index = options.findIndex((option) => option === name || option.startsWith(`${name}=`))
  const option = options[index]
  return option === undefined ? undefined : option === name ? options[index + 1] : option.slice(name.length + 1)
}

/** `node --test [files]`. Answers the exit code. */
export async function runNodeTests(
  host: ProcessHost,
  files: readonly string[],
  options: readonly string[],
): Promise<number> {
  const runtime = createRuntime(host)
  const root = runtime.process.cwd()
  const config = defaultConfig('node', root)
  const folders = { readdir: host.fs.readdir, isDirectory: runtime.fs.isDirectory }
  const found = files.length === 0 ? findTestFiles(folders, config, []) : files.flatMap((file) => expand(runtime, file))
  const missing = found.find((file) => !runtime.fs.isFile(resolve(root, file)))
  if (missing !== undefined) {
    host.stderr(`Could not find '${resolve(root, missing)}'\n`)
    return 1
  }
  const name = optionValue(options, '--test-name-pattern')
  const wanted = optionValue(options, '--test-reporter') ?? 'spec'
  const document = documents[wanted]
  if (wanted !== 'spec' && document === undefined) {
    host.stderr(`There is no test reporter "${wanted}" here. There are: spec, ${Object.keys(documents).join(', ')}.\n`)
    return 1
  }
  const destination = optionValue(options, '--test-reporter-destination') ?? 'stdout'
  const print = (text: string) => {
    if (destination === 'stdout' || destination === 'stderr') host[destination](text)
    else host.fs.writeFile(resolve(root, destination), text, { append: true })
  }
  const reporter = createSpecReporter(createColors(usesColors(host)))
  const startsAt = new Date()
  const startedAt = performance.now()
  const result = await runTestFiles(runtime, {
    config,
    files: found,
    ...(name === undefined ? {} : { namePattern: new RegExp(name.replace(/^\/(.*)\/$/, '$1')) }),
    ...(document === undefined ? { fileEnded: (file) => print(reporter.file(file)) } : {}),
  })
  const durationMs = performance.now() - startedAt
  print(document === undefined ? reporter.end(result, durationMs) : document(result, startsAt, durationMs))
  return result.report.failed > 0 || result.unhandled.length > 0 ? 1 : 0

  function expand({ fs }: Runtime, file: string): string[] {
    const path = resolve(root, file)
    const relative = path.slice(root.length + 1)
    if (!fs.isDirectory(path)) return [relative]
    return findTestFiles(folders, config, [`${relative}/`])
  }
}
