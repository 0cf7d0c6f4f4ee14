import { fromLatin1, messageOf, toLatin1 } from '@/lib/base'
import { splitLines } from '@/lib/workspace/diff'
import { applyHunks } from '../patch-format/apply-hunks'
import { type PatchHunk, parsePatch, reversePatch } from '../patch-format/parse-patch'
import type { VirtualFs } from '../process/host'
import { fail } from './failure'
import { standing } from './working-tree'

/** What a patch says of one file. */
export interface FileChange {
  /** Null for a file that comes, or goes. */
  from: string | null
  to: string | null
  /** In octal as a number; null when the patch leaves it. */
  mode: number | null
  hunks: readonly PatchHunk[]
}

export interface PatchedFile {
  /** Null for a file that is to go. */
  content: Uint8Array | null
  mode: number | null
}

/** All of it has to be understood: what is left out would be lost without a word. */
export function readFileChanges(patch: Uint8Array, { strip = 1, isReverse = false } = {}): FileChange[] {
  const changes = toLatin1(patch)
    .split(/^(?=diff --git )/m)
    .flatMap((section) => readSection(section, strip))
  return isReverse ? changes.map(reversed).toReversed() : changes
}

function readSection(section: string, strip: number): FileChange[] {
  const [title = ''] = section.split('\n')
  if (/^(?:GIT binary patch|Binary files .* differ)\r?$/m.test(section))
    fail(`“${title}” is a change of a binary file, which cannot be applied here`, 128)
  const shorten = (name: string) => (name === '/dev/null' ? null : name.split('/').slice(strip).join('/'))
  let files: ReturnType<typeof parsePatch>
  try {
    files = parsePatch(fromLatin1(section))
  } catch (error) {
    fail(`corrupt patch: ${messageOf(error).trimEnd()}`, 128)
  }
  if (!title.startsWith('diff --git ')) {
    return files.map(({ oldName, newName, hunks }) => {
      const [from, to] = [shorten(oldName), shorten(newName)]
      return { from, to: from === null || to === null ? to : from, mode: null, hunks }
    })
  }
  const [head = ''] = section.split(/^@@ /m)
  const text = new TextDecoder().decode(fromLatin1(head))
  const line = (name: string) => new RegExp(`^${name} (.*?)\\r?$`, 'm').exec(text)?.[1]
  const names = /^diff --git (?:"?)(\S+\/.*?)(?:"?) (?:"?)(\S+\/.*?)(?:"?)\r?$/m.exec(text)
  const [hunked] = files
  const oldName = line('rename from') ?? line('copy from') ?? shorten(hunked?.oldName ?? names?.[1] ?? '')
  const newName = line('rename to') ?? line('copy to') ?? shorten(hunked?.newName ?? names?.[2] ?? '')
  const mode = line('new file mode') ?? line('new mode')
  return [
    {
      from: line('new file mode') === undefined ? oldName : null,
      to: line('deleted file mode') === undefined ? newName : null,
      mode: mode === undefined ? null : Number.parseInt(mode, 8),
      hunks: hunked?.hunks ?? [],
    },
  ]
}

function reversed({ from, to, hunks }: FileChange): FileChange {
  const [file] = hunks.length === 0 ? [] : [reversePatch({ oldName: '', newName: '', hunks: [...hunks] })]
  return { from: to, to: from, mode: null, hunks: file?.hunks ?? [] }
}

/** Files as the changes leave them, by path from `folder`, and why some cannot be made. Nothing is written. */
export function applyChanges(fs: VirtualFs, folder: string, changes: readonly FileChange[]) {
  const problems: string[] = []
  const results = new Map<string, PatchedFile>()
  for (const { from, to, mode, hunks } of changes) {
    const path = from ?? to ?? ''
    const unsafe = [from, to].find((name) => name !== null && /(?:^|\/)(?:\.{0,2}|\.git)(?:\/|$)/i.test(name))
    const before = from === null ? '' : textAt(from)
    const { lines, outcomes } = applyHunks(splitLines(before ?? ''), hunks, { maxFuzz: 0, isAnchored: true })
    const failed = outcomes.findIndex(({ line }) => line === null)
    if (unsafe !== undefined) problems.push(`error: invalid path '${unsafe}'`)
    else if (before === null) problems.push(`error: ${path}: No such file or directory`)
    else if (to !== null && to !== from && textAt(to) !== null)
      problems.push(`error: ${to}: already exists in working directory`)
    else if (failed !== -1)
      problems.push(`error: patch failed: ${path}:${hunks[failed]?.start}`, `error: ${path}: patch does not apply`)
    else if (to === null && lines.length > 0) problems.push(`error: removal patch leaves file contents: ${path}`)
    if (from !== null && from !== to) results.set(from, { content: null, mode: null })
    if (to !== null) results.set(to, { content: fromLatin1(lines.join('')), mode: mode ?? modeAt(from) })
  }
  return { results, problems }

  /** A character for a byte; several changes of one file stand on each other. */
  function textAt(path: string): string | null {
    const changed = results.get(path)
    if (changed) return changed.content && toLatin1(changed.content)
    return standing(fs, `${folder}/${path}`)?.kind === 'file' ? toLatin1(fs.readFile(`${folder}/${path}`)) : null
  }
  function modeAt(path: string | null): number | null {
    const known = path === null ? undefined : standing(fs, `${folder}/${path}`)
    return known ? known.mode : null
  }
}

/** Writes what `applyChanges` has found. */
export function writeChanges(fs: VirtualFs, folder: string, results: ReadonlyMap<string, PatchedFile>): void {
  for (const [path, { content, mode }] of results) {
    const full = `${folder}/${path}`
    if (content === null) fs.rm(full, { force: true })
    else {
      fs.mkdir(full.slice(0, full.lastIndexOf('/')), { recursive: true })
      fs.writeFile(full, content)
      if (mode !== null) fs.chmod(full, mode & 0o777)
    }
  }
}
