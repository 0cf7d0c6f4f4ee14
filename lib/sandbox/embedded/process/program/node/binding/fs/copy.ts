import { resolve } from '../../../builtins/path'
import type { BindingContext } from '../context'
import type { FsCalls } from './calls'

interface CopyOptions {
  force: boolean
  dereference: boolean
  errorOnExist: boolean
  verbatimSymlinks: boolean
  preserveTimestamps: boolean
}

const isInside = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`)
const parentOf = (path: string) => path.slice(0, path.lastIndexOf('/')) || '/'

/** The parts of `fs.cpSync` that Node does in C++. */
export function createCopyCalls(context: BindingContext, { toAbsolute }: Pick<FsCalls, 'toAbsolute'>) {
  const fs = () => context.host.fs

  function refuse(code: string, message: string, path: string): never {
    const error = context.nodeError(code, {
      message,
      path,
      syscall: 'cp',
      errno: context.errnoOf('EINVAL'),
      code: 'EINVAL',
    })
    throw error
  }
  function kindAt(path: string, follow: boolean) {
    try {
      return (follow ? fs().stat(path) : fs().lstat(path)).kind
    } catch {
      return null
    }
  }

  function checkPaths(source: string, target: string, dereference: boolean, recursive: boolean) {
    const [from, to] = [resolve(toAbsolute(source)), resolve(toAbsolute(target))]
    const kind = kindAt(from, dereference)
    if (kind === null) throw context.uvError('ENOENT', 'cp', { path: source })
    const targetKind = kindAt(to, dereference)
    if (
      targetKind !== null &&
      fs().exists(from) &&
      fs().exists(to) &&
      fs().realpath(from) === fs().realpath(to) &&
      kind !== 'symlink'
    ) {
      refuse('ERR_FS_CP_EINVAL', 'src and dest cannot be the same', target)
    }
    if (kind === 'directory' && targetKind !== null && targetKind !== 'directory')
      refuse('ERR_FS_CP_DIR_TO_NON_DIR', `cannot overwrite non-directory ${target} with directory ${source}`, target)
    if (kind !== 'directory' && targetKind === 'directory')
      refuse('ERR_FS_CP_NON_DIR_TO_DIR', `cannot overwrite directory ${target} with non-directory ${source}`, target)
    if (kind === 'directory' && !recursive)
      refuse('ERR_FS_EISDIR', `Recursive option not enabled, cannot copy a directory: ${source}`, source)
    if (kind === 'directory' && isInside(to, from))
      refuse('ERR_FS_CP_EINVAL', `cannot copy ${source} to a subdirectory of self ${target}`, target)
    fs().mkdir(parentOf(to), { recursive: true })
  }

  function overrideFile(source: string, target: string, _mode: number, preserveTimestamps: boolean) {
    const [from, to] = [toAbsolute(source), toAbsolute(target)]
    fs().rm(to, { force: true })
    copyOne(from, to, preserveTimestamps)
  }

  function copyOne(from: string, to: string, preserveTimestamps: boolean) {
    const stat = fs().stat(from)
    fs().writeFile(to, fs().readFile(from))
    fs().chmod(to, stat.mode)
    if (preserveTimestamps) fs().utimes(to, stat.mtimeMs, { atimeMs: stat.atimeMs })
  }

  function copyLink(from: string, to: string, options: CopyOptions) {
    const target = fs().readlink(from)
    const absolute =
      options.verbatimSymlinks || target.startsWith('/') ? target : resolve(`${parentOf(from)}/${target}`)
    if (kindAt(to, false) === 'symlink') {
      const before = fs().readlink(to)
      if (isInside(resolve(before), absolute) && before !== absolute)
        refuse('ERR_FS_CP_EINVAL', `cannot copy ${absolute} to a subdirectory of self ${before}`, to)
      fs().rm(to)
    }
    fs().symlink(absolute, to)
  }

  function copyDirectory(source: string, target: string, options: CopyOptions) {
    const [from, to] = [toAbsolute(source), toAbsolute(target)]
    fs().mkdir(to, { recursive: true })
    for (const name of fs().readdir(from)) {
      const [entry, copy] = [`${from}/${name}`, `${to}/${name}`]
      const kind = kindAt(entry, options.dereference)
      if (kind === 'directory') copyDirectory(entry, copy, options)
      else if (kind === 'symlink') copyLink(entry, copy, options)
      else if (!fs().exists(copy)) copyOne(entry, copy, options.preserveTimestamps)
      else if (options.force) {
        fs().rm(copy)
        copyOne(entry, copy, options.preserveTimestamps)
      } else if (options.errorOnExist) {
        throw context.nodeError('ERR_FS_CP_EEXIST', {
          message: `${copy} already exists`,
          path: copy,
          syscall: 'cp',
          errno: context.errnoOf('EEXIST'),
          code: 'EEXIST',
        })
      }
    }
    fs().chmod(to, fs().stat(from).mode)
  }

  return {
    cpSyncCheckPaths: checkPaths,
    cpSyncOverrideFile: overrideFile,
    cpSyncCopyDir: (
      source: string,
      target: string,
      ...[force, dereference, errorOnExist, verbatimSymlinks, preserveTimestamps]: boolean[]
    ) =>
      copyDirectory(source, target, {
        force: force === true,
        dereference: dereference === true,
        errorOnExist: errorOnExist === true,
        verbatimSymlinks: verbatimSymlinks === true,
        preserveTimestamps: preserveTimestamps === true,
      }),
  }
}
