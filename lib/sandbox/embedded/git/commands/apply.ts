import type { ProcessHost } from '../../process/host'
import { applyChanges, type PatchedFile, readFileChanges, writeChanges } from '../apply-patch'
import type { GitCommand } from '../context'
import { fail, GitFailure } from '../failure'
import { readIndex, writeIndex } from '../index-file'
import { parseOptions } from '../options'
import { toRepositoryPath } from '../pathspec'
import { readInput } from '../read-input'
import type { Repository } from '../repository'
import { removeFile, stageFile } from '../working-tree'

/** `git apply`: all of a patch, or nothing of it. */
export const apply: GitCommand = async (context) => {
  const options = parseOptions(context.args, {
    flags: { '--reverse': ['-R'], '--check': [], '--index': [], '--verbose': ['-v'], '--quiet': ['-q'] },
    values: { '-p': [], '--directory': [], '--whitespace': [] },
  })
  const whitespace = options.value('--whitespace') ?? 'nowarn'
  if (!/^(?:no)?warn$/.test(whitespace))
    fail(`--whitespace=${whitespace} is not available here; white space stays as it is`, 129)
  const { host, cwd } = context
  const names = [...options.words, ...(options.paths ?? [])]
  const inputs = await Promise.all((names.length > 0 ? names : ['-']).map((name) => readPatch(host, cwd, name)))
  const style = { strip: Number(options.value('-p') ?? 1), isReverse: options.has('--reverse') }
  const changes = inputs.flatMap((input) => readFileChanges(input, style))
  if (changes.length === 0) fail('No valid patches in input (allow with "--allow-empty")', 128)
  const folder = [cwd, options.value('--directory')].filter(Boolean).join('/')
  const { results, problems } = applyChanges(host.fs, folder, changes)
  if (problems.length > 0) {
    const isUnsafe = problems.some((problem) => problem.startsWith('error: invalid path'))
    throw new GitFailure(problems.join('\n'), isUnsafe ? 128 : 1)
  }
  if (options.has('--check')) return 0
  const repository = options.has('--index') ? context.repository() : null
  writeChanges(host.fs, folder, results)
  if (options.has('--verbose')) for (const path of results.keys()) context.err(`Applied patch ${path} cleanly.\n`)
  if (repository) await stageResults(repository, folder, results)
  return 0
}

/** Brings what a patch has changed into the index. */
export async function stageResults(
  repository: Repository,
  folder: string,
  results: ReadonlyMap<string, PatchedFile>,
): Promise<void> {
  const index = readIndex(repository)
  for (const [path, { content }] of results) {
    const inside = toRepositoryPath(repository, folder, path)
    if (content === null) {
      removeFile(repository, inside)
      index.entries.delete(inside)
    } else index.entries.set(inside, await stageFile(repository, inside))
  }
  await writeIndex(repository, index)
}

export async function readPatch(host: ProcessHost, cwd: string, name: string): Promise<Uint8Array> {
  if (name !== '-') {
    const path = name.startsWith('/') ? name : `${cwd}/${name}`
    if (!host.fs.exists(path)) fail(`can't open patch '${name}': No such file or directory`, 128)
    return host.fs.readFile(path)
  }
  return readInput(host)
}
