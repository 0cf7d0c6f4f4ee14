import { splitLines } from '@/lib/workspace/diff'
import { applyHunks } from '../../patch-format/apply-hunks'
import { type FilePatch, parsePatch, reversePatch } from '../../patch-format/parse-patch'
import type { ProcessHost } from '../../process/host'
import type { GitCommand } from '../context'
import { fail, GitFailure } from '../failure'
import { readIndex, writeIndex } from '../index-file'
import { parseOptions } from '../options'
import { toRepositoryPath } from '../pathspec'
import { readInput } from '../read-input'
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
  const texts = await Promise.all((names.length > 0 ? names : ['-']).map((name) => readPatch(host, cwd, name)))
  const patches = texts.flatMap(parse)
  if (patches.length === 0) fail('No valid patches in input (allow with "--allow-empty")', 128)
  const count = Number(options.value('-p') ?? 1)
  const problems: string[] = []
  const results = patches.map((patch) => {
    const file = options.has('--reverse') ? reversePatch(patch) : patch
    const isNew = file.oldName === '/dev/null'
    const stripped = (isNew ? file.newName : file.oldName).split('/').slice(count).join('/')
    const path = [options.value('--directory'), stripped].filter(Boolean).join('/')
    const full = `${cwd}/${path}`
    const isThere = host.fs.exists(full)
    if (!isThere && !isNew) problems.push(`error: ${path}: No such file or directory`)
    else if (isThere && isNew) problems.push(`error: ${path}: already exists in working directory`)
    const before = isThere ? new TextDecoder().decode(host.fs.readFile(full)) : ''
    const { lines, outcomes } = applyHunks(splitLines(before), file.hunks, 0)
    const failed = outcomes.findIndex(({ line }) => line === null)
    if (isThere !== isNew && failed !== -1)
      problems.push(`error: patch failed: ${path}:${file.hunks[failed]?.start}`, `error: ${path}: patch does not apply`)
    return { path, full, text: lines.join(''), isGone: file.newName === '/dev/null' }
  })
  if (problems.length > 0) throw new GitFailure(problems.join('\n'), 1)
  if (options.has('--check')) return 0
  const repository = options.has('--index') ? context.repository() : null
  for (const { path, full, text, isGone } of results) {
    if (isGone) host.fs.rm(full)
    else {
      host.fs.mkdir(full.slice(0, full.lastIndexOf('/')), { recursive: true })
      host.fs.writeFile(full, text)
    }
    if (options.has('--verbose')) context.err(`Applied patch ${path} cleanly.\n`)
  }
  if (!repository) return 0
  const index = readIndex(repository)
  for (const { path, isGone } of results) {
    const inside = toRepositoryPath(repository, cwd, path)
    if (isGone) {
      removeFile(repository, inside)
      index.entries.delete(inside)
    } else index.entries.set(inside, await stageFile(repository, inside))
  }
  await writeIndex(repository, index)
  return 0
}

function parse(text: string): FilePatch[] {
  try {
    return parsePatch(text)
  } catch (error) {
    fail(error instanceof Error ? `corrupt patch: ${error.message.trimEnd()}` : 'corrupt patch', 128)
  }
}

async function readPatch(host: ProcessHost, cwd: string, name: string): Promise<string> {
  if (name !== '-') {
    const path = name.startsWith('/') ? name : `${cwd}/${name}`
    if (!host.fs.exists(path)) fail(`can't open patch '${name}': No such file or directory`, 128)
    return new TextDecoder().decode(host.fs.readFile(path))
  }
  return readInput(host)
}
