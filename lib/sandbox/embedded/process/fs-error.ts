// Linux numbers and libuv's words, as Node prints them.
const table = {
  EPERM: [-1, 'operation not permitted'],
  ENOENT: [-2, 'no such file or directory'],
  EBADF: [-9, 'bad file descriptor'],
  EACCES: [-13, 'permission denied'],
  EEXIST: [-17, 'file already exists'],
  ENOTDIR: [-20, 'not a directory'],
  EISDIR: [-21, 'illegal operation on a directory'],
  EINVAL: [-22, 'invalid argument'],
  EFBIG: [-27, 'file too large'],
  ENOSPC: [-28, 'no space left on device'],
  ENOTEMPTY: [-39, 'directory not empty'],
  ELOOP: [-40, 'too many symbolic links encountered'],
  ENOTSUP: [-95, 'operation not supported on socket'],
} as const

export type FsErrorCode = keyof typeof table

export interface FsError extends Error {
  code: string
  errno: number
  syscall: string
  path?: string
  dest?: string
}

/** An error with Node's message and properties: `ENOENT: no such file or directory, open '/x'`. */
export function fsError(code: FsErrorCode, syscall: string, path?: string, dest?: string): FsError {
  const [errno, words] = table[code]
  const target = path === undefined ? '' : ` '${path}'${dest === undefined ? '' : ` -> '${dest}'`}`
  return Object.assign(new Error(`${code}: ${words}, ${syscall}${target}`), {
    errno,
    code,
    syscall,
    ...(path === undefined ? {} : { path }),
    ...(dest === undefined ? {} : { dest }),
  })
}
