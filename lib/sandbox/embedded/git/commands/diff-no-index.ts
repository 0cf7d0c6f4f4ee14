import { joinPath } from '@/lib/base'
import type { Options } from '../../options'
import type { Change } from '../changes'
import type { GitContext } from '../context'
import { patchOptionsOf } from '../diff-options'
import { fail, fatal } from '../failure'
import { formatChanges } from '../patch-text'
import { type FileEntry, Repository } from '../repository'

/** `git diff --no-index a b`: two files or folders, wherever they are; exit code 1 when they differ. */
export async function diffNoIndex(context: GitContext, options: Options): Promise<number> {
  const [first, second, ...others] = [...options.words, ...(options.paths ?? [])]
  if (first === undefined || second === undefined || others.length > 0)
    fatal('usage: git diff --no-index [<options>] <path> <path>')
  const { cwd, host } = context
  const { fs } = host
  // Holds contents only; nothing is read from a repository or written to one.
  const store = new Repository(fs, cwd)
  const placeOf = (name: string) => `/${joinPath(name.startsWith('/') ? name : `${cwd}/${name}`) ?? ''}`
  const kindOf = (name: string) => {
    if (!fs.exists(placeOf(name))) fail(`Could not access '${name}'`)
    return fs.stat(placeOf(name)).kind
  }
  const [isFolder, isOtherFolder] = [kindOf(first) === 'directory', kindOf(second) === 'directory']
  const pairs: [string, string][] =
    isFolder && isOtherFolder
      ? [...new Set([...filesBelow(first), ...filesBelow(second)])]
          .sort()
          .map((path): [string, string] => [`${first}/${path}`, `${second}/${path}`])
      : [[isFolder ? `${first}/${nameOf(second)}` : first, isOtherFolder ? `${second}/${nameOf(first)}` : second]]
  if (isFolder !== isOtherFolder) for (const name of pairs.flat()) kindOf(name)
  const changes: Change[] = []
  for (const [from, path] of pairs) {
    const [before, after] = [await entryOf(from), await entryOf(path)]
    if (before?.oid === after?.oid) continue
    if (!before || !after) changes.push({ status: after ? 'A' : 'D', path: shown(after ? path : from), before, after })
    else changes.push({ status: 'M', path: shown(path), from: shown(from), before, after })
  }
  if (!options.has('--quiet'))
    context.out(await formatChanges(store, changes, patchOptionsOf(context, options, 'patch')))
  return changes.length > 0 ? 1 : 0

  function filesBelow(folder: string, prefix = ''): string[] {
    return fs.readdir(placeOf(folder)).flatMap((name) => {
      const isInner = fs.stat(placeOf(`${folder}/${name}`)).kind === 'directory'
      return isInner ? filesBelow(`${folder}/${name}`, `${prefix}${name}/`) : [`${prefix}${name}`]
    })
  }

  async function entryOf(name: string): Promise<FileEntry | null> {
    const place = placeOf(name)
    if (!fs.exists(place)) return null
    const mode = fs.stat(place).mode & 0o100 ? 0o100755 : 0o100644
    return { oid: await store.hash(fs.readFile(place)), mode }
  }
}

const shown = (name: string) => name.replace(/^\/+/, '').replaceAll(/\/{2,}/g, '/')
const nameOf = (name: string) => name.slice(name.lastIndexOf('/') + 1)
