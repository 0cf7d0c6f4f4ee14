import { encodeUtf8, fromLatin1, joinBytes, messageOf, toLatin1 } from '@/lib/base'
import { splitLines } from '@/lib/workspace/diff'
import type { Options } from '../../options'
import { applyHunks, type HunkOutcome } from '../../patch-format/apply-hunks'
import { type FilePatch, parsePatch, reversePatch } from '../../patch-format/parse-patch'
import type { VirtualFs } from '../../process/host'
import { type CommandContext, inputOf, pathFrom, type Result } from '../command'
import { CommandFailure, readToolOptions } from './tool-options'

const spec = {
  flags: {
    '--reverse': ['-R'],
    '--dry-run': [],
    '--forward': ['-N'],
    '--force': ['-f'],
    '--batch': ['-t'],
    '--silent': ['-s', '--quiet'],
    '--backup': ['-b'],
    '--unified': ['-u'],
    '--remove-empty-files': ['-E'],
    '--no-backup-if-mismatch': [],
  },
  values: {
    '--strip': ['-p'],
    '--input': ['-i'],
    '--directory': ['-d'],
    '--output': ['-o'],
    '--fuzz': ['-F'],
    '--reject-file': ['-r'],
  },
}

/** GNU's `patch`, for unified diffs. */
export function patch(fs: VirtualFs, args: readonly string[], context: CommandContext): Result {
  try {
    const options = readToolOptions('patch', args, spec, 2)
    const cwd = pathFrom(context, options.value('--directory') ?? '.')
    const [target, patchName] = [...options.words, ...(options.paths ?? [])]
    const files = readPatch(fs, context, options.value('--input') ?? patchName ?? '-')
    const run: Run = { fs, options, cwd, stdout: '', exitCode: 0 }
    for (const file of files) patchFile(run, options.has('--reverse') ? reversePatch(file) : file, target)
    return { stdout: options.has('--silent') ? '' : run.stdout, stderr: '', exitCode: run.exitCode }
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error
    return { stdout: '', stderr: `${error.message}\n`, exitCode: error.exitCode }
  }
}

interface Run {
  fs: VirtualFs
  options: Options
  cwd: string
  stdout: string
  exitCode: number
}

function readPatch(fs: VirtualFs, context: CommandContext, name: string): FilePatch[] {
  const path = pathFrom(context, name)
  if (name !== '-' && !fs.exists(path))
    throw new CommandFailure(`patch: **** Can't open patch file ${name} : No such file or directory`, 2)
  const bytes = name === '-' ? inputOf(context) : fs.readFile(path)
  const text = toLatin1(bytes)
  let files: FilePatch[]
  try {
    files = parsePatch(bytes)
  } catch (error) {
    throw new CommandFailure(`patch: **** ${messageOf(error).trimEnd()}`, 2)
  }
  if (files.length > 0 || text.trim() === '') return files
  const hint = /^\d+(,\d+)?[acd]\d/m.test(text) ? ' Only unified diffs can be read here: make it with diff -u.' : ''
  throw new CommandFailure(`patch: **** Only garbage was found in the patch input.${hint}`, 2)
}

function patchFile(run: Run, file: FilePatch, target: string | undefined): void {
  const { fs, options, cwd } = run
  const name = target ?? chooseName(run, file)
  if (name === null) {
    run.stdout += `can't find file to patch at input line 3\nPerhaps you used the wrong -p or --strip option?\nSkipping patch.\n`
    run.stdout += countText(file.hunks.length, file.hunks.length, 'ignored')
    run.exitCode = 1
    return
  }
  const path = name.startsWith('/') ? name : `${cwd}/${name}`
  const isDry = options.has('--dry-run')
  const before = fs.exists(path) ? toLatin1(fs.readFile(path)) : ''
  const lines = splitLines(before)
  const maxFuzz = Number(options.value('--fuzz') ?? 2)
  const { lines: after, outcomes } = applyHunks(lines, file.hunks, { maxFuzz })
  const failed = file.hunks.filter((_, index) => outcomes[index]?.line === null)
  run.stdout += `${isDry ? 'checking' : 'patching'} file ${name}\n`
  if (outcomes[0]?.line === null && !options.has('--force') && isDone(lines, file)) {
    run.stdout += options.has('--forward')
      ? 'Reversed (or previously applied) patch detected!  Skipping patch.\n'
      : 'Reversed (or previously applied) patch detected!  Assume -R? [n] \nApply anyway? [n] \nSkipping patch.\n'
    run.stdout += countText(file.hunks.length, file.hunks.length, 'ignored', isDry ? undefined : name)
    run.exitCode = 1
    if (!isDry) writeRejects(run, { path, name, file, failed: file.hunks })
    return
  }
  for (const [index, outcome] of outcomes.entries()) run.stdout += outcomeText(index, outcome, file)
  if (failed.length > 0) {
    run.exitCode = 1
    run.stdout += countText(failed.length, file.hunks.length, 'FAILED', isDry ? undefined : name)
  }
  if (isDry) return
  if (failed.length > 0) writeRejects(run, { path, name, file, failed })
  const isInexact = outcomes.some(({ line, offset, fuzz: left }) => line === null || offset !== 0 || left > 0)
  if (fs.exists(path) && (options.has('--backup') || (isInexact && !options.has('--no-backup-if-mismatch'))))
    fs.writeFile(`${path}.orig`, fromLatin1(before))
  const output = options.value('--output')
  const isRemoved = after.length === 0 && (file.newName === '/dev/null' || options.has('--remove-empty-files'))
  if (output !== undefined)
    fs.writeFile(output.startsWith('/') ? output : `${cwd}/${output}`, fromLatin1(after.join('')))
  else if (isRemoved) fs.rm(path)
  else {
    fs.mkdir(path.slice(0, path.lastIndexOf('/')) || '/', { recursive: true })
    fs.writeFile(path, fromLatin1(after.join('')))
  }
}

/** Whether the file is already as the patch makes it. */
function isDone(lines: readonly string[], file: FilePatch): boolean {
  return applyHunks(lines, reversePatch(file).hunks, { maxFuzz: 0 }).outcomes.every(({ line }) => line !== null)
}

function writeRejects(
  { fs, options, cwd }: Run,
  { path, name, file, failed }: { path: string; name: string; file: FilePatch; failed: FilePatch['hunks'] },
): void {
  const chosen = options.value('--reject-file')
  const target = chosen === undefined ? `${path}.rej` : chosen.startsWith('/') ? chosen : `${cwd}/${chosen}`
  const names = [file.oldName, file.newName].map((side) => (side === '/dev/null' ? side : name))
  const head = encodeUtf8(`--- ${names[0]}\n+++ ${names[1]}\n`)
  fs.writeFile(target, joinBytes([head, ...failed.map(({ text }) => fromLatin1(text))]))
}

/** The name in the patch that is there, with as many folders taken off as `-p` says. */
function chooseName({ fs, options, cwd }: Run, { oldName, newName }: FilePatch): string | null {
  const count = options.value('--strip')
  const strip = (name: string) => {
    const parts = name.split('/')
    return count === undefined ? (parts.at(-1) ?? name) : parts.slice(Number(count)).join('/')
  }
  const names = [oldName, newName].filter((name) => name !== '/dev/null')
  const candidates = names.map(strip).filter((name) => name !== '')
  const there = candidates.filter((name) => fs.exists(`${cwd}/${name}`)).sort(byLength)
  if (there[0] !== undefined) return there[0]
  const isNew = oldName === '/dev/null'
  // Without -p a file that is to be made keeps its folders.
  return isNew ? (count === undefined ? newName : (candidates.at(-1) ?? null)) : null
}

/** Fewest folders, then the shortest name: what GNU's takes when both are there. */
function byLength(a: string, b: string): number {
  const measure = (name: string) => [name.split('/').length, name.slice(name.lastIndexOf('/') + 1).length, name.length]
  const [left, right] = [measure(a), measure(b)]
  const at = left.findIndex((value, index) => value !== right[index])
  return at === -1 ? 0 : (left[at] ?? 0) - (right[at] ?? 0)
}

function outcomeText(index: number, { line, offset, fuzz }: HunkOutcome, file: FilePatch): string {
  if (line === null) return `Hunk #${index + 1} FAILED at ${file.hunks[index]?.start}.\n`
  if (offset === 0 && fuzz === 0) return ''
  const moved = offset === 0 ? '' : ` (offset ${offset} line${Math.abs(offset) === 1 ? '' : 's'})`
  return `Hunk #${index + 1} succeeded at ${line}${fuzz > 0 ? ` with fuzz ${fuzz}` : ''}${moved}.\n`
}

function countText(count: number, all: number, what: string, name?: string): string {
  const rejects = name === undefined ? '' : ` -- saving rejects to file ${name}.rej`
  return `${count} out of ${all} hunk${all === 1 ? '' : 's'} ${what}${rejects}\n`
}
