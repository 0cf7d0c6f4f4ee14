import { fromLatin1, messageOf, toLatin1 } from '@/lib/base'
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
  const inputs = await Promise.all((names.length > 0 ? names : ['-']).map((name) => readPatch(host, cwd, name)))
  const patches = inputs.flatMap(parse)
  if (patches.length === 0) fail('No valid patches in input (allow with "--allow-empty")', 128)
  const count = Number(options.value('-p') ?? 1)
  const problems: string[] = []
  /** By path; null for a file that is to go. Several patches of one file stand on each other. */
  const results = new Map<string, string | null>()
  for (const patch of patches) {
    const file = options.has('--reverse') ? reversePatch(patch) : patch
    const isNew = file.oldName === '/dev/null'
    const stripped = (isNew ? file.newName : file.oldName).split('/').slice(count).join('/')
    const path = [options.value('--directory'), stripped].filter(Boolean).join('/')
    const before = results.has(path) ? (results.get(path) ?? null) : readText(host, `${cwd}/${path}`)
    const { lines, outcomes } = applyHunks(splitLines(before ?? ''), file.hunks, { maxFuzz: 0, isAnchored: true })
    const failed = outcomes.findIndex(({ line }) => line === null)
    const isGone = file.newName === '/dev/null'
    if (/(?:^|\/)(?:\.{0,2}|\.git)(?:\/|$)/i.test(path)) problems.push(`error: invalid path '${path}'`)
    else if (before === null && !isNew) problems.push(`error: ${path}: No such file or directory`)
    else if (before !== null && isNew) problems.push(`error: ${path}: already exists in working directory`)
    else if (failed !== -1)
      problems.push(`error: patch failed: ${path}:${file.hunks[failed]?.start}`, `error: ${path}: patch does not apply`)
    else if (isGone && lines.length > 0) problems.push(`error: removal patch leaves file contents: ${path}`)
    results.set(path, isGone ? null : lines.join(''))
  }
  if (problems.length > 0) throw new GitFailure(problems.join('\n'), 1)
  if (options.has('--check')) return 0
  const repository = options.has('--index') ? context.repository() : null
  for (const [path, text] of results) {
    const full = `${cwd}/${path}`
    if (text === null) host.fs.rm(full, { force: true })
    else {
      host.fs.mkdir(full.slice(0, full.lastIndexOf('/')), { recursive: true })
      host.fs.writeFile(full, fromLatin1(text))
    }
    if (options.has('--verbose')) context.err(`Applied patch ${path} cleanly.\n`)
  }
  if (!repository) return 0
  const index = readIndex(repository)
  for (const [path, text] of results) {
    const inside = toRepositoryPath(repository, cwd, path)
    if (text === null) {
      removeFile(repository, inside)
      index.entries.delete(inside)
    } else index.entries.set(inside, await stageFile(repository, inside))
  }
  await writeIndex(repository, index)
  return 0
}

/** A character for a byte; null when there is no such file. */
function readText({ fs }: ProcessHost, path: string): string | null {
  return fs.exists(path) ? toLatin1(fs.readFile(path)) : null
}

const notText = /^(?:GIT binary patch|Binary files .* differ|(?:rename|copy) from .*)\r?$/m

/** All of it has to be understood: what is no change of lines would be left out without a word. */
function parse(patch: Uint8Array): FilePatch[] {
  for (const section of toLatin1(patch).split(/^(?=diff --git )/m)) {
    const [title = ''] = section.split('\n')
    if (notText.test(section) || (title.startsWith('diff --git ') && !/^@@ /m.test(section)))
      fail(`“${title}” is no change of lines; binary and empty files, renames and modes cannot be applied here`, 128)
  }
  try {
    return parsePatch(patch)
  } catch (error) {
    fail(`corrupt patch: ${messageOf(error).trimEnd()}`, 128)
  }
}

async function readPatch(host: ProcessHost, cwd: string, name: string): Promise<Uint8Array> {
  if (name !== '-') {
    const path = name.startsWith('/') ? name : `${cwd}/${name}`
    if (!host.fs.exists(path)) fail(`can't open patch '${name}': No such file or directory`, 128)
    return host.fs.readFile(path)
  }
  return readInput(host)
}
